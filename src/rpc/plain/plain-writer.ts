/** Writes plain messages. */
import type { DescMessage } from "@bufbuild/protobuf";

import { Form } from "./form.ts";
import { type PlainField, type PlainShape, type PlainShapes } from "./shape.ts";
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
    if (field.isList) return this.#list(field, message);
    if (field.oneof !== undefined) return this.#choice(field, message);
    const value = message[field.name];
    if (value === undefined) return !field.isImplicit || isInit(message);
    // What is inherited counts here and not there.
    if (!field.isImplicit && !Object.hasOwn(message, field.name)) return false;
    return this.#value(field, value, message);
  }

  #list(field: PlainField, message: Fields): boolean {
    const values = message[field.name];
    if (values === undefined) return isInit(message);
    if (!Array.isArray(values)) return false;
    for (const value of values)
      if (!this.#value(field, value, message)) return false;
    return true;
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
      case Form.int32:
        if (typeof value !== "number" || (value & 0x7fff_ffff) !== value)
          return false;
        if (value !== 0 || !isImplicit) this.#slab.number(tag, value);
        return true;
      case Form.uint32:
        if (typeof value !== "number" || value >>> 0 !== value) return false;
        if (value !== 0 || !isImplicit) this.#slab.number(tag, value);
        return true;
      case Form.int64:
        if (!isUint53(value)) return false;
        if (value !== 0n || !isImplicit) this.#slab.number(tag, Number(value));
        return true;
      case Form.double:
        if (typeof value !== "number") return false;
        if (!Object.is(value, 0) || !isImplicit) this.#slab.double(tag, value);
        return true;
      case Form.message:
        return this.#putMessage(field, value, message);
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

function isUint53(value: unknown): value is bigint {
  return typeof value === "bigint" && value >= 0n && value <= uint53Max;
}

const uint53Max = BigInt(Number.MAX_SAFE_INTEGER);
