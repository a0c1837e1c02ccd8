/** Reads plain messages. */
import { create, type DescMessage, type Message } from "@bufbuild/protobuf";

import { emptyBytes } from "../../base/bytes.ts";
import { Form } from "./form.ts";
import { type PlainField, type PlainShape, type PlainShapes } from "./shape.ts";

/**
 * Reads what `PlainWriter` writes, and makes of it what `fromBinary` makes. Whatever else the bytes hold, damage
 * included, it leaves to others, from the start.
 */
export class PlainReader {
  readonly #shapes: PlainShapes;
  #bytes = emptyBytes;
  #at = 0;

  constructor(shapes: PlainShapes) {
    this.#shapes = shapes;
  }

  /** `undefined` when it is not for us. Throws for text that is no UTF-8. */
  read(schema: DescMessage, bytes: Uint8Array): Message | undefined {
    this.#bytes = bytes;
    this.#at = 0;
    const message = this.#message(this.#shapes.of(schema), bytes.length, 0);
    this.#bytes = emptyBytes;
    return message;
  }

  #message(shape: PlainShape, end: number, depth: number): Message | undefined {
    if (!shape.isPlain || depth > depthMax) return undefined;
    const { fields } = shape;
    const message = create(shape.schema);
    const values = message as unknown as Record<string, unknown>;
    // Fields come in the order of their numbers, mostly.
    for (let next = 0; this.#at < end; next += 1) {
      const tag = this.#varint();
      if (fields[next]?.tag !== tag)
        next = fields.findIndex((field) => field.tag === tag);
      const field = fields[next];
      if (field === undefined) return undefined;
      const value = this.#value(field, end, depth);
      if (value === undefined || !place(values, field, value)) return undefined;
    }
    return this.#at === end ? message : undefined;
  }

  #value(field: PlainField, end: number, depth: number): unknown {
    if (field.form === Form.double) return this.#double(end);
    const number = this.#varint();
    switch (field.form) {
      case Form.bool:
        return number <= 1 ? number === 1 : undefined;
      case Form.int32:
        return number <= 0x7fff_ffff ? number : undefined;
      case Form.uint32:
        return number <= 0xffff_ffff ? number : undefined;
      case Form.int64:
        return number <= Number.MAX_SAFE_INTEGER ? BigInt(number) : undefined;
      case Form.bytes:
      case Form.string:
      case Form.message: {
        const valueEnd = this.#at + number;
        return valueEnd <= end
          ? this.#delimited(field, valueEnd, depth)
          : undefined;
      }
    }
  }

  /** A value whose length came before it. */
  #delimited({ form, child }: PlainField, end: number, depth: number): unknown {
    if (form === Form.message) return this.#message(child!, end, depth + 1);
    const start = this.#at;
    this.#at = end;
    return form === Form.bytes
      ? this.#bytes.subarray(start, end)
      : this.#text(start, end);
  }

  #double(end: number): number | undefined {
    const { buffer, byteOffset } = this.#bytes;
    const at = this.#at;
    this.#at = at + 8;
    return this.#at <= end
      ? new DataView(buffer, byteOffset + at, 8).getFloat64(0, true)
      : undefined;
  }

  #text(start: number, end: number): string {
    const bytes = this.#bytes;
    if (end - start > shortText)
      return strictUtf8.decode(bytes.subarray(start, end));
    const codes: number[] = [];
    for (let at = start; at < end; at += 1) {
      const code = bytes[at] as number;
      if (code > 0x7f) return strictUtf8.decode(bytes.subarray(start, end));
      codes.push(code);
    }
    return String.fromCharCode(...codes);
  }

  /** `Infinity` where there is none, and where it is larger than we can tell. */
  #varint(): number {
    const bytes = this.#bytes;
    let byte = bytes[this.#at++] as number;
    if (byte < 0x80) return byte;
    let value = byte & 0x7f;
    for (let weight = 0x80; weight < weightMax; weight *= 0x80) {
      byte = bytes[this.#at++] as number;
      value += (byte & 0x7f) * weight;
      if (byte < 0x80) return value;
    }
    return Infinity;
  }
}

/** Put a value into its message. False when it would have to be put together with one that is there. */
function place(
  values: Record<string, unknown>,
  { form, isList, name, oneof }: PlainField,
  value: unknown,
): boolean {
  if (isList) {
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
/** Eight bytes: every safe integer, and no number that could be taken for another one. */
const weightMax = 0x4_0000_0000_0000;
/** Up to this length, a loop is faster than a call. */
const shortText = 32;
const strictUtf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
