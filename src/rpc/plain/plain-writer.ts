/** Writes plain messages. */
import type { DescMessage } from "@bufbuild/protobuf";

import { emptyBytes } from "../../base/bytes.ts";
import { Form } from "./form.ts";
import {
  depthMax,
  type PlainField,
  type PlainShape,
  type PlainShapes,
} from "./shape.ts";

/** A message, or what one is made of. */
type Fields = Readonly<Record<string, unknown>>;

/**
 * Writes what most messages are made of, into memory that many messages share: one array of its own for each costs more
 * than all else (bench row `rpc.stream`). What it does not know it leaves to others, as a whole: a type of field, an odd
 * value, a value that is not valid. So it need not know what is valid.
 *
 * 1. Memory that was answered is never written again.
 * 2. What it writes is what `toBinary` writes.
 */
export class PlainWriter {
  readonly #shapes: PlainShapes;
  #bytes = emptyBytes;
  /** Where the message at hand begins. */
  #start = 0;
  #at = 0;
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
    // There is none at first, nor when somebody has transferred its buffer to another thread.
    if (this.#bytes.length === 0) this.#begin(slabSize);
    this.#start = this.#at;
    try {
      if (this.#message(shape, message, 0))
        return this.#bytes.subarray(this.#start, this.#at);
      this.#at = this.#start;
      return undefined;
    } finally {
      this.#isBusy = false;
    }
  }

  #message(shape: PlainShape, message: unknown, depth: number): boolean {
    if (typeof message !== "object" || message === null) return false;
    if (Array.isArray(message)) return false;
    const { $typeName = shape.typeName, $unknown } = message as Fields;
    if ($typeName !== shape.typeName || $unknown !== undefined) return false;
    if (depth > depthMax) return false;
    for (const field of shape.fields)
      if (!this.#field(field, message as Fields, depth)) return false;
    return true;
  }

  /** False when the value is not of the field's type, or would have to be looked at more closely. */
  #field(field: PlainField, message: Fields, depth: number): boolean {
    const { form, isImplicit, name, tag } = field;
    const value = message[name];
    if (value === undefined) return !isImplicit || isInit(message);
    // What is inherited counts here and not there.
    if (!isImplicit && !Object.hasOwn(message, name)) return false;
    switch (form) {
      case Form.bytes:
        if (!(value instanceof Uint8Array)) return false;
        if (value.length > 0 || !isImplicit) this.#putBytes(tag, value);
        return true;
      case Form.string:
        if (typeof value !== "string") return false;
        if (value !== "" || !isImplicit) this.#putString(tag, value);
        return true;
      case Form.bool:
        if (typeof value !== "boolean") return false;
        if (value || !isImplicit) this.#putNumber(tag, value ? 1 : 0);
        return true;
      case Form.int32:
        if (typeof value !== "number" || (value & 0x7fff_ffff) !== value)
          return false;
        if (value !== 0 || !isImplicit) this.#putNumber(tag, value);
        return true;
      case Form.uint32:
        if (typeof value !== "number" || value >>> 0 !== value) return false;
        if (value !== 0 || !isImplicit) this.#putNumber(tag, value);
        return true;
      case Form.int64:
        if (!isUint53(value)) return false;
        if (value !== 0n || !isImplicit) this.#putNumber(tag, Number(value));
        return true;
      case Form.message:
        // A message holds messages. Only what one is made of may hold more of that.
        if (isInit(value as Fields) && !isInit(message)) return false;
        return this.#putMessage(field, value, depth);
    }
  }

  #putBytes(tag: number, value: Uint8Array): void {
    this.#reserve(value.length + 2 * varintSizeMax);
    this.#varint(tag);
    this.#varint(value.length);
    this.#bytes.set(value, this.#at);
    this.#at += value.length;
  }

  #putString(tag: number, value: string): void {
    // As large as it may become, which for a long one would be a waste.
    if (value.length > longText) return this.#putBytes(tag, utf8.encode(value));
    this.#reserve(value.length * 3 + 2 * varintSizeMax);
    this.#varint(tag);
    const start = this.#beginLength();
    this.#at += this.#text(value);
    this.#endLength(start);
  }

  /** Answers how many bytes there are now behind those that were there. */
  #text(value: string): number {
    const bytes = this.#bytes;
    const at = this.#at;
    const length = value.length;
    if (length > shortText)
      return utf8.encodeInto(value, bytes.subarray(at)).written;
    for (let index = 0; index < length; index += 1) {
      const code = value.charCodeAt(index);
      if (code > 0x7f)
        return utf8.encodeInto(value, bytes.subarray(at)).written;
      bytes[at + index] = code;
    }
    return length;
  }

  #putNumber(tag: number, value: number): void {
    this.#reserve(2 * varintSizeMax);
    this.#varint(tag);
    this.#varint(value);
  }

  #putMessage(field: PlainField, value: unknown, depth: number): boolean {
    const child = field.child!;
    if (!child.isPlain) return false;
    this.#reserve(2 * varintSizeMax);
    this.#varint(field.tag);
    const start = this.#beginLength();
    if (!this.#message(child, value, depth + 1)) return false;
    this.#reserve(varintSizeMax);
    this.#endLength(start);
    return true;
  }

  /** Leave room for a short length. Answers where that is, from the start of the message at hand, which may move. */
  #beginLength(): number {
    this.#at += 1;
    return this.#at - this.#start;
  }

  /** Fill in the length of what was written since. */
  #endLength(fromStart: number): void {
    const from = this.#start + fromStart;
    const length = this.#at - from;
    this.#at = from - 1;
    // A longer length than there was room for.
    if (length > 0x7f) {
      const to = this.#at + varintSize(length);
      this.#bytes.copyWithin(to, from, from + length);
    }
    this.#varint(length);
    this.#at += length;
  }

  #varint(value: number): void {
    let rest = value;
    while (rest > 0x7f) {
      this.#bytes[this.#at++] = (rest & 0x7f) | 0x80;
      // No shift: the value may have more than 32 bits.
      rest = Math.floor(rest / 0x80);
    }
    this.#bytes[this.#at++] = rest;
  }

  /** Make room for so many bytes more. */
  #reserve(size: number): void {
    if (this.#at + size <= this.#bytes.length) return;
    const begun = this.#bytes.subarray(this.#start, this.#at);
    this.#begin(Math.max(slabSize, 2 * begun.length, begun.length + size));
    this.#bytes.set(begun);
    this.#at = begun.length;
  }

  #begin(size: number): void {
    this.#bytes = new Uint8Array(size);
    this.#start = 0;
    this.#at = 0;
  }
}

function varintSize(value: number): number {
  let size = 1;
  for (let rest = value; rest > 0x7f; rest >>>= 7) size += 1;
  return size;
}

function isInit(message: Fields): boolean {
  return message["$typeName"] === undefined;
}

function isUint53(value: unknown): value is bigint {
  return typeof value === "bigint" && value >= 0n && value <= uint53Max;
}

const uint53Max = BigInt(Number.MAX_SAFE_INTEGER);
/** A number of 64 bits, seven to a byte. */
const varintSizeMax = 10;
/** Up to this length, a loop is faster than a call. */
const shortText = 32;
const longText = 1_024;
/** As large as those of Node. */
const slabSize = 8_192;
const utf8 = new TextEncoder();
