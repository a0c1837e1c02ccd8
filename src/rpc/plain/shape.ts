/** What is known of a type of message before the first one comes. */
import {
  type DescField,
  type DescMessage,
  ScalarType,
} from "@bufbuild/protobuf";
import {
  FeatureSet_FieldPresence as Presence,
  isWrapperDesc,
} from "@bufbuild/protobuf/wkt";

import { Form } from "./form.ts";

/**
 * A value of its own, one choice of a group, a list of values with a tag each, a list of numbers that share one, or
 * values by text.
 */
export type PlainKind = "single" | "choice" | "list" | "packed" | "map";

/** A field of a plain message. */
export interface PlainField {
  readonly name: string;
  readonly kind: PlainKind;
  /** Of each of its values. */
  readonly form: Form;
  /** Its number and its wire type, as both stand before its value. Zero where nothing does. */
  readonly tag: number;
  /** Whether its zero is left out. */
  readonly isImplicit: boolean;
  /** The group of which it is one choice. */
  readonly oneof: string | undefined;
  /** Of `Form.message`. */
  readonly child: PlainShape | undefined;
  /** One number of a packed list, or the value in an entry of a map. */
  readonly element: PlainField | undefined;
}

/** A type of message. */
export interface PlainShape {
  readonly schema: DescMessage;
  readonly typeName: string;
  /** Whether all of its fields are plain: no enums that are closed, no groups, and text for the keys of maps. */
  readonly isPlain: boolean;
  /** In the order of their numbers. */
  readonly fields: readonly PlainField[];
}

interface GrowingShape extends PlainShape {
  isPlain: boolean;
  fields: readonly PlainField[];
}

/** Knows each type that it was asked for. */
export class PlainShapes {
  readonly #shapes = new WeakMap<DescMessage, PlainShape>();

  of(schema: DescMessage): PlainShape {
    return this.#shapes.get(schema) ?? this.#make(schema);
  }

  #make(schema: DescMessage): PlainShape {
    const shape: GrowingShape = {
      schema,
      typeName: schema.typeName,
      isPlain: false,
      fields: [],
    };
    // Before its fields: a type may hold itself.
    this.#shapes.set(schema, shape);
    const fields = schema.fields.map((field) => this.#field(field));
    const plain = fields.filter((field) => field !== undefined);
    shape.fields = plain.sort((one, other) => one.tag - other.tag);
    shape.isPlain = plain.length === fields.length;
    return shape;
  }

  #field(field: DescField): PlainField | undefined {
    const form = formOf(field);
    if (form === undefined) return undefined;
    const kind = kindOf(field);
    const child = form === Form.message ? this.of(field.message!) : undefined;
    const single = { ...nameless, form, child };
    const isDelimited = kind === "packed" || kind === "map";
    return {
      ...single,
      name: field.localName,
      kind,
      tag: tagOf(field.number, isDelimited ? delimited : wireTypeOf(form)),
      isImplicit: kind === "single" && field.presence === Presence.IMPLICIT,
      oneof: field.oneof?.localName,
      element: isDelimited
        ? { ...single, tag: kind === "map" ? tagOf(2, wireTypeOf(form)) : 0 }
        : undefined,
    };
  }
}

/** What stands before the key of a map's entry. */
export const keyTag: number = tagOf(1, 2);

const nameless = {
  name: "",
  kind: "single",
  isImplicit: false,
  oneof: undefined,
  element: undefined,
} as const;

function kindOf(field: DescField): PlainKind {
  if (field.fieldKind === "map") return "map";
  if (field.fieldKind === "list") return field.packed ? "packed" : "list";
  return field.oneof === undefined ? "single" : "choice";
}

function tagOf(number: number, wireType: number): number {
  return number * 8 + wireType;
}

function formOf(field: DescField): Form | undefined {
  // A tag fits in 32 bits with its sign.
  if (field.number >= 1 << 28) return undefined;
  if (field.fieldKind === "map" && field.mapKey !== ScalarType.STRING)
    return undefined;
  if (field.presence === Presence.LEGACY_REQUIRED) return undefined;
  if (field.message !== undefined)
    return isOwnKind(field) ? undefined : Form.message;
  if (field.enum !== undefined) return field.enum.open ? Form.int32 : undefined;
  const isText = field.fieldKind !== "map" && field.longAsString;
  return isText ? undefined : formOfScalar[field.scalar];
}

/** Groups, and messages of Google's that look otherwise where they are fields: as one value, or as JSON. */
function isOwnKind(field: DescField & { message: DescMessage }): boolean {
  const { message } = field;
  return (
    field.delimitedEncoding ||
    isWrapperDesc(message) ||
    message.typeName === "google.protobuf.Struct"
  );
}

function wireTypeOf(form: Form): number {
  if (form >= Form.double) return 1;
  if (form >= Form.float) return 5;
  return form <= Form.message ? delimited : 0;
}

/** The wire type of what begins with its length. */
const delimited = 2;
const formOfScalar: Record<ScalarType, Form> = {
  [ScalarType.BYTES]: Form.bytes,
  [ScalarType.STRING]: Form.string,
  [ScalarType.BOOL]: Form.bool,
  [ScalarType.INT32]: Form.int32,
  [ScalarType.UINT32]: Form.uint32,
  [ScalarType.SINT32]: Form.sint32,
  [ScalarType.INT64]: Form.int64,
  [ScalarType.UINT64]: Form.uint64,
  [ScalarType.SINT64]: Form.sint64,
  [ScalarType.FLOAT]: Form.float,
  [ScalarType.FIXED32]: Form.fixed32,
  [ScalarType.SFIXED32]: Form.sfixed32,
  [ScalarType.DOUBLE]: Form.double,
  [ScalarType.FIXED64]: Form.fixed64,
  [ScalarType.SFIXED64]: Form.sfixed64,
};
