/** Reads plain messages. */
import { create, type DescMessage, type Message } from "@bufbuild/protobuf";

import { emptyBytes } from "../../base/bytes.ts";
import { Cursor } from "./cursor.ts";
import { Form } from "./form.ts";
import {
  keyTag,
  type PlainField,
  type PlainShape,
  type PlainShapes,
} from "./shape.ts";

/** The fields of a message that grows. */
type Values = Record<string, unknown>;

/**
 * Reads what `PlainWriter` writes, and makes of it what `fromBinary` makes. Whatever else the bytes hold, damage
 * included, it leaves to others, from the start.
 */
export class PlainReader {
  readonly #shapes: PlainShapes;
  readonly #cursor = new Cursor();
  /** How many messages the one at hand lies in. */
  #depth = 0;

  constructor(shapes: PlainShapes) {
    this.#shapes = shapes;
  }

  /** `undefined` when it is not for us. */
  read(schema: DescMessage, bytes: Uint8Array): Message | undefined {
    this.#cursor.bytes = bytes;
    this.#cursor.at = 0;
    this.#depth = 0;
    const message = this.#message(this.#shapes.of(schema), bytes.length);
    this.#cursor.bytes = emptyBytes;
    return message;
  }

  #message(shape: PlainShape, end: number): Message | undefined {
    if (!shape.isPlain) return undefined;
    const { fields } = shape;
    const cursor = this.#cursor;
    const message = create(shape.schema);
    const values = message as unknown as Values;
    let next = 0;
    while (cursor.at < end) {
      const tag = cursor.varint();
      // They come in the order of their numbers, mostly.
      if (next > 0 && fields[next - 1]!.tag >= tag) next = 0;
      while (next < fields.length && fields[next]!.tag < tag) next += 1;
      const field = fields[next];
      if (field?.tag !== tag || !this.#field(field, values, end))
        return undefined;
      next += 1;
    }
    return cursor.at === end ? message : undefined;
  }

  #field(field: PlainField, values: Values, end: number): boolean {
    if (field.element === undefined) {
      const value = this.#value(field, end);
      return value !== undefined && place(values, field, value);
    }
    const cursor = this.#cursor;
    const length = cursor.varint();
    const ownEnd = cursor.at + length;
    if (ownEnd > end) return false;
    const held = values[field.name];
    return field.kind === "packed"
      ? this.#packed(field.element, held as unknown[], ownEnd)
      : this.#entry(field.element, held as Values, ownEnd);
  }

  #packed(element: PlainField, values: unknown[], end: number): boolean {
    const cursor = this.#cursor;
    while (cursor.at < end) {
      const value = this.#value(element, end);
      if (value === undefined) return false;
      values.push(value);
    }
    return cursor.at === end;
  }

  /** An entry with both of its fields, in order. */
  #entry(element: PlainField, values: Values, end: number): boolean {
    const cursor = this.#cursor;
    if (cursor.varint() !== keyTag) return false;
    const keyLength = cursor.varint();
    const keyEnd = cursor.at + keyLength;
    if (keyEnd > end) return false;
    const key = cursor.text(keyEnd);
    if (key === undefined || key === "__proto__") return false;
    if (cursor.varint() !== element.tag) return false;
    const value = this.#value(element, end);
    values[key] = value;
    return value !== undefined && cursor.at === end;
  }

  #value({ form, child }: PlainField, end: number): unknown {
    const cursor = this.#cursor;
    if (form >= Form.float) return cursor.fixed(form);
    if (form > Form.message) return cursor.number(form);
    const length = cursor.varint();
    const start = cursor.at;
    const valueEnd = start + length;
    if (valueEnd > end) return undefined;
    if (form === Form.string) return cursor.text(valueEnd);
    if (form === Form.message) return this.#child(child!, valueEnd);
    cursor.at = valueEnd;
    return cursor.bytes.subarray(start, valueEnd);
  }

  #child(shape: PlainShape, end: number): Message | undefined {
    if (this.#depth === depthMax) return undefined;
    this.#depth += 1;
    const message = this.#message(shape, end);
    this.#depth -= 1;
    return message;
  }
}

/** Put a value into its message. False when it would have to be put together with one that is there. */
function place(
  values: Values,
  { form, kind, name, oneof }: PlainField,
  value: unknown,
): boolean {
  if (kind === "list") {
    (values[name] as unknown[]).push(value);
    return true;
  }
  if (oneof !== undefined) {
    const group = values[oneof] as { readonly case?: string };
    if (form === Form.message && group.case === name) return false;
    values[oneof] = { case: name, value };
    return true;
  }
  if (form === Form.message && values[name] !== undefined) return false;
  values[name] = value;
  return true;
}

/** How deep messages may lie in one another. */
const depthMax = 32;
