/** What is known of a type of message before the first one comes. */
import {
  type DescField,
  type DescMessage,
  ScalarType,
} from "@bufbuild/protobuf";
import {
  Edition,
  FeatureSet_FieldPresence as Presence,
  isWrapperDesc,
} from "@bufbuild/protobuf/wkt";

import { Form } from "./form.ts";

/** A field of a plain message. */
export interface PlainField {
  readonly name: string;
  readonly form: Form;
  /** Its number and its wire type, as both stand before its value. */
  readonly tag: number;
  /** Whether its zero is left out. */
  readonly isImplicit: boolean;
  /** Whether it is a list of such values, each with a tag of its own. */
  readonly isList: boolean;
  /** The group of which it is one choice. */
  readonly oneof: string | undefined;
  /** Of `Form.message`. */
  readonly child: PlainShape | undefined;
}

/** A type of message. */
export interface PlainShape {
  readonly schema: DescMessage;
  readonly typeName: string;
  /** Whether all of its fields are plain: of common types, no maps, and no lists of numbers. */
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
    if (schema.file.edition !== Edition.EDITION_PROTO3) return shape;
    const fields = schema.fields.map((field) => this.#field(field));
    const plain = fields.filter((field) => field !== undefined);
    shape.fields = plain.sort((one, other) => one.tag - other.tag);
    shape.isPlain = plain.length === fields.length;
    return shape;
  }

  #field(field: DescField): PlainField | undefined {
    const form = formOf(field);
    if (form === undefined) return undefined;
    const isList = field.fieldKind === "list";
    return {
      name: field.localName,
      form,
      tag: field.number * 8 + wireTypeOf(form),
      isImplicit: field.presence === Presence.IMPLICIT && !isList,
      isList,
      oneof: field.oneof?.localName,
      child: form === Form.message ? this.of(field.message!) : undefined,
    };
  }
}

function formOf(field: DescField): Form | undefined {
  if (field.fieldKind === "map") return undefined;
  // A tag fits in 32 bits with its sign.
  if (field.number >= 1 << 28) return undefined;
  const form = formOfValue(field);
  // Lists of numbers are packed.
  return field.fieldKind === "list" &&
    form !== undefined &&
    wireTypeOf(form) !== 2
    ? undefined
    : form;
}

function formOfValue(
  field: Exclude<DescField, { fieldKind: "map" }>,
): Form | undefined {
  // A message of Google's with one value is that value where it is a field.
  if (field.message !== undefined)
    return isWrapperDesc(field.message) ? undefined : Form.message;
  if (field.enum !== undefined) return field.enum.open ? Form.int32 : undefined;
  return field.longAsString ? undefined : formOfScalar[field.scalar];
}

function wireTypeOf(form: Form): number {
  if (form === Form.double) return 1;
  return form === Form.bytes || form === Form.string || form === Form.message
    ? 2
    : 0;
}

const formOfScalar: Partial<Record<ScalarType, Form>> = {
  [ScalarType.BYTES]: Form.bytes,
  [ScalarType.STRING]: Form.string,
  [ScalarType.BOOL]: Form.bool,
  [ScalarType.INT32]: Form.int32,
  [ScalarType.UINT32]: Form.uint32,
  [ScalarType.INT64]: Form.int64,
  [ScalarType.UINT64]: Form.int64,
  [ScalarType.DOUBLE]: Form.double,
};
