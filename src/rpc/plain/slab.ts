/** Memory that messages are written into, one behind the other. */
import { emptyBytes } from "../../base/bytes.ts";

/**
 * Writes values in protobuf's binary form. Many messages share one array: one of its own for each costs more than all
 * else (bench row `rpc.stream`).
 *
 * 1. Memory that was answered is never written again.
 * 2. One message at a time: `begin`, its fields, `end` or `undo`.
 */
export class Slab {
  #bytes = emptyBytes;
  /** Where the message at hand begins. */
  #start = 0;
  #at = 0;

  /** A message begins. */
  begin(): void {
    // There is none at first, nor when somebody has transferred its buffer to another thread.
    if (this.#bytes.length === 0) this.#renew(slabSize);
    this.#start = this.#at;
  }

  /** What was written since. */
  end(): Uint8Array {
    return this.#bytes.subarray(this.#start, this.#at);
  }

  /** Forget what was written since. */
  undo(): void {
    this.#at = this.#start;
  }

  bytes(tag: number, value: Uint8Array): void {
    this.#reserve(value.length + 2 * varintSizeMax);
    this.#varint(tag);
    this.#varint(value.length);
    this.#bytes.set(value, this.#at);
    this.#at += value.length;
  }

  text(tag: number, value: string): void {
    // As large as it may become, which for a long one would be a waste.
    if (value.length > longText) return this.bytes(tag, utf8.encode(value));
    this.#reserve(value.length * 3 + 2 * varintSizeMax);
    const start = this.beginLength(tag);
    this.#at += this.#write(value);
    this.endLength(start);
  }

  /** A number of up to 53 bits. As with all numbers, a tag of zero is none. */
  number(tag: number, value: number): void {
    this.#begin(tag);
    this.#varint(value);
  }

  /** A number of 64 bits, of which these are the lower and the upper 32. */
  long(tag: number, low: number, high: number): void {
    this.#begin(tag);
    let [rest, above] = [low >>> 0, high >>> 0];
    while (above > 0 || rest > 0x7f) {
      this.#bytes[this.#at++] = (rest & 0x7f) | 0x80;
      rest = ((rest >>> 7) | (above << 25)) >>> 0;
      above >>>= 7;
    }
    this.#bytes[this.#at++] = rest;
  }

  float(tag: number, value: number): void {
    this.#begin(tag);
    scratch.setFloat32(0, value, true);
    this.#putScratch(4);
  }

  double(tag: number, value: number): void {
    this.#begin(tag);
    scratch.setFloat64(0, value, true);
    this.#putScratch(8);
  }

  /** A number of 32 bits, with a sign or without. */
  fixed32(tag: number, value: number): void {
    this.#begin(tag);
    scratch.setInt32(0, value, true);
    this.#putScratch(4);
  }

  /** One of 64 bits. */
  fixed64(tag: number, value: bigint): void {
    this.#begin(tag);
    scratch.setBigInt64(0, value, true);
    this.#putScratch(8);
  }

  /**
   * A message in the message begins, or text: leave room for a short length. Answers where that is, from the start of
   * all, which may move.
   */
  beginLength(tag: number): number {
    this.#reserve(2 * varintSizeMax);
    this.#varint(tag);
    this.#at += 1;
    return this.#at - this.#start;
  }

  /** Fill in the length of what was written since. */
  endLength(fromStart: number): void {
    this.#reserve(varintSizeMax);
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

  /** Answers how many bytes it takes. */
  #write(value: string): number {
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

  /** A number begins. */
  #begin(tag: number): void {
    this.#reserve(2 * varintSizeMax);
    if (tag !== 0) this.#varint(tag);
  }

  #putScratch(size: number): void {
    for (let index = 0; index < size; index += 1)
      this.#bytes[this.#at + index] = scratchBytes[index] as number;
    this.#at += size;
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
    this.#renew(Math.max(slabSize, 2 * begun.length, begun.length + size));
    this.#bytes.set(begun);
    this.#at = begun.length;
  }

  #renew(size: number): void {
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

/** A number of 64 bits, seven to a byte. */
const varintSizeMax = 10;
/** Up to this length, a loop is faster than a call. */
const shortText = 32;
const longText = 1_024;
/** As large as those of Node. */
const slabSize = 8_192;
const scratch = new DataView(new ArrayBuffer(8));
const scratchBytes = new Uint8Array(scratch.buffer);
const utf8 = new TextEncoder();
