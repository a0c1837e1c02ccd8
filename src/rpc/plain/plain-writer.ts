/** Writes plain messages. */
import type { DescMessage } from "@bufbuild/protobuf";

import { Form } from "./form.ts";
import { putNumber } from "./numbers.ts";
import {
  keyTag,
  type PlainField,
  type PlainShape,
  type PlainShapes,
} from "./shape.ts";
import { Slab } from "./slab.ts";

/** A message, or what one is made of. */
type Fields = Readonly<Record<string, unknown>>;

/**
 * Writes what most messages are made of, as `toBinary` writes it. A message with anything else it leaves to others, as a
 * whole: a type of field, an odd value, a value that is not valid. So it need not know what is valid.
 */
export class PlainWriter {
  readonly #shapes: PlainShapes;
  readonly #slab = new Slab();
  /** A message may have a getter that encodes another one. */
  #isBusy = false;

  constructor(shapes: PlainShapes) {
    this.#shapes = shapes;
  }

  /** `undefined` when it is not for us. */
  write(schema: DescMessage, message: unknown): Uint8Array | undefined {
    const shape = this.#shapes.of(schema);
    if (!shape.isPlain || this.#isBusy) return undefined;
    this.#isBusy = true;
    this.#slab.begin();
    try {
      if (this.#message(shape, message)) return this.#slab.end();
      this.#slab.undo();
      return undefined;
    } finally {
      this.#isBusy = false;
    }
  }

  #message(shape: PlainShape, message: unknown): boolean {
    if (typeof message !== "object" || message === null) return false;
    if (Array.isArray(message)) return false;
    const { $typeName = shape.typeName, $unknown } = message as Fields;
    if ($typeName !== shape.typeName || $unknown !== undefined) return false;
    for (const field of shape.fields)
      if (!this.#field(field, message as Fields)) return false;
    return true;
  }

  #field(field: PlainField, message: Fields): boolean {
    switch (field.kind) {
      case "single":
        return this.#single(field, message);
      case "choice":
        return this.#choice(field, message);
      case "map":
        return this.#map(field, message);
      default:
        return this.#list(field, message);
    }
  }

  #single(field: PlainField, message: Fields): boolean {
    const value = message[field.name];
    if (value === undefined) return !field.isImplicit || isInit(message);
    // What a message inherits is a default. What it is made of may have a class.
    if (!field.isImplicit && !Object.hasOwn(message, field.name))
      return !isInit(message);
    return this.#value(field, value, message);
  }

  #choice(field: PlainField, message: Fields): boolean {
    const group = message[field.oneof!] as Fields | null | undefined;
    if (group === undefined) return isInit(message);
    if (group === null) return false;
    return (
      group["case"] !== field.name ||
      this.#value(field, group["value"], message)
    );
  }

  #list(field: PlainField, message: Fields): boolean {
    const values = message[field.name];
    if (values === undefined) return isInit(message);
    if (!Array.isArray(values)) return false;
    if (field.element !== undefined) return this.#packed(field, values);
    for (const value of values)
      if (!this.#value(field, value, message)) return false;
    return true;
  }

  #packed(field: PlainField, values: readonly unknown[]): boolean {
    if (values.length === 0) return true;
    const start = this.#slab.beginLength(field.tag);
    for (const value of values)
      if (!this.#value(field.element!, value, nothing)) return false;
    this.#slab.endLength(start);
    return true;
  }

  #map(field: PlainField, message: Fields): boolean {
    const values = message[field.name];
    if (values === undefined) return isInit(message);
    if (typeof values !== "object" || values === null) return false;
    for (const key of Object.keys(values)) {
      const value = (values as Fields)[key];
      const start = this.#slab.beginLength(field.tag);
      this.#slab.text(keyTag, key);
      if (!this.#value(field.element!, value, message)) return false;
      this.#slab.endLength(start);
    }
    return true;
  }

  /** False when the value is not of the field's type, or would have to be looked at more closely. */
  #value(field: PlainField, value: unknown, message: Fields): boolean {
    const { form, isImplicit, tag } = field;
    switch (form) {
      case Form.bytes:
        if (!(value instanceof Uint8Array)) return false;
        if (value.length > 0 || !isImplicit) this.#slab.bytes(tag, value);
        return true;
      case Form.string:
        if (typeof value !== "string") return false;
        if (value !== "" || !isImplicit) this.#slab.text(tag, value);
        return true;
      case Form.bool:
        if (typeof value !== "boolean") return false;
        if (value || !isImplicit) this.#slab.number(tag, value ? 1 : 0);
        return true;
      case Form.message:
        return this.#putMessage(field, value, message);
      default:
        return putNumber(this.#slab, field, value);
    }
  }

  #putMessage(field: PlainField, value: unknown, parent: Fields): boolean {
    const child = field.child!;
    if (!child.isPlain) return false;
    // A message holds messages. Only what one is made of may hold more of that.
    if (!isInit(parent) && isInit(value as Fields)) return false;
    const start = this.#slab.beginLength(field.tag);
    if (!this.#message(child, value)) return false;
    this.#slab.endLength(start);
    return true;
  }
}

/** Whether it is what a message is made of, and none yet. */
function isInit(message: Fields | null | undefined): boolean {
  return message?.["$typeName"] === undefined;
}

const nothing: Fields = {};
