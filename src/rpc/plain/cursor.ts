/** Takes values out of bytes, one after the other. */
import { emptyBytes } from "../../base/bytes.ts";
import { Form } from "./form.ts";

/**
 * Knows protobuf's values, and not where they end: whoever reads past the end finds `at` behind it, and throws away what
 * was read.
 */
export class Cursor {
  bytes: Uint8Array = emptyBytes;
  at = 0;
  /** The halves of a long number. */
  #low = 0;
  #high = 0;

  /** `Infinity` where there is none, and where it is larger than we can tell. */
  varint(): number {
    const { bytes } = this;
    let byte = bytes[this.at++] as number;
    if (byte < 0x80) return byte;
    let value = byte & 0x7f;
    for (let weight = 0x80; weight < weightMax; weight *= 0x80) {
      byte = bytes[this.at++] as number;
      value += (byte & 0x7f) * weight;
      if (byte < 0x80) return value;
    }
    return Infinity;
  }

  /** A number of a form with no fixed size. `undefined` when it has too many bits, or more bytes than it need have. */
  number(form: Form): number | bigint | boolean | undefined {
    const start = this.at;
    const value = this.varint();
    switch (form) {
      case Form.bool:
        return value <= 1 ? value === 1 : undefined;
      case Form.int32:
        if (value <= 0x7fff_ffff) return value;
        return value === Infinity ? this.#negative(start) : undefined;
      case Form.uint32:
        return value <= 0xffff_ffff ? value : undefined;
      case Form.sint32:
        return value <= 0xffff_ffff ? (value >>> 1) ^ -(value & 1) : undefined;
      default:
        if (value <= Number.MAX_SAFE_INTEGER)
          return signed(form, BigInt(value));
        return this.#readLong(start) ? signed(form, this.#long) : undefined;
    }
  }

  /** A number of a form with a fixed size. */
  fixed(form: Form): number | bigint {
    const size = form >= Form.double ? 8 : 4;
    for (let index = 0; index < size; index += 1)
      scratchBytes[index] = this.bytes[this.at + index] as number;
    this.at += size;
    switch (form) {
      case Form.float:
        return scratch.getFloat32(0, true);
      case Form.fixed32:
        return scratch.getUint32(0, true);
      case Form.sfixed32:
        return scratch.getInt32(0, true);
      case Form.double:
        return scratch.getFloat64(0, true);
      case Form.fixed64:
        return scratch.getBigUint64(0, true);
      default:
        return scratch.getBigInt64(0, true);
    }
  }

  /** `undefined` when it is no UTF-8, or might be none. */
  text(end: number): string | undefined {
    const { bytes, at: start } = this;
    this.at = end;
    if (end - start > shortText) return decoded(bytes.subarray(start, end));
    const codes: number[] = [];
    for (let at = start; at < end; at += 1) {
      const code = bytes[at] as number;
      if (code > 0x7f) return decoded(bytes.subarray(start, end));
      codes.push(code);
    }
    return String.fromCharCode(...codes);
  }

  /** One of 32 bits, which is written as if it had 64. */
  #negative(start: number): number | undefined {
    const isOne = this.#readLong(start) && this.#high === -1 && this.#low < 0;
    return isOne ? this.#low : undefined;
  }

  /** Read the number of eight to ten bytes that begins there. False when it has no end; bits above the 64th are dropped. */
  #readLong(start: number): boolean {
    const { bytes } = this;
    const bits = (index: number): number =>
      (bytes[start + index] as number) & 0x7f;
    this.#low = bits(0) | (bits(1) << 7) | (bits(2) << 14) | (bits(3) << 21);
    this.#low |= bits(4) << 28;
    this.#high = (bits(4) >>> 4) | (bits(5) << 3) | (bits(6) << 10);
    let index = 6;
    while ((bytes[start + index] as number) > 0x7f && index < 9) {
      index += 1;
      this.#high |= bits(index) << (7 * index - 32);
    }
    this.at = start + index + 1;
    return index < 9 || (bytes[start + 9] as number) <= 0x7f;
  }

  get #long(): bigint {
    return (BigInt(this.#high >>> 0) << 32n) | BigInt(this.#low >>> 0);
  }
}

function decoded(bytes: Uint8Array): string | undefined {
  const text = utf8.decode(bytes);
  // It stands for itself and for damage.
  return text.includes("\ufffd") ? undefined : text;
}

function signed(form: Form, value: bigint): bigint {
  if (form === Form.uint64) return value;
  if (form === Form.int64) return BigInt.asIntN(64, value);
  return (value >> 1n) ^ -(value & 1n);
}

/** Eight bytes: every safe integer, and no number that could be taken for another one. */
const weightMax = 0x4_0000_0000_0000;
/** Up to this length, a loop is faster than a call. */
const shortText = 32;
const utf8 = new TextDecoder("utf-8", { ignoreBOM: true });
const scratch = new DataView(new ArrayBuffer(8));
const scratchBytes = new Uint8Array(scratch.buffer);
