/**
 * CRC-32C (Castagnoli), the checksum of every frame. Small inputs are summed in JavaScript, eight bytes a step (Intel's
 * "slicing by 8"); for larger ones the call into native code pays. `@node-rs/crc32` uses the processor's instruction.
 */
import { crc32c as nativeCrc32c } from "@node-rs/crc32";

import { readInt32 } from "./little-endian.ts";

/** From this many bytes on, native code is quicker, its call and view included. */
export const NATIVE_CRC_SIZE_MIN = 192;

/** The CRC-32C of a part of an array, as an unsigned integer. */
export function crc32c(
  bytes: Uint8Array,
  start = 0,
  end: number = bytes.length,
): number {
  return new Crc32c().add(bytes, start, end).value;
}

/** Sums in pieces. One object may serve for ever: `reset()` starts anew. */
export class Crc32c {
  /** Signed, so that V8 need not box it. */
  #value = 0;

  /** The sum of all that was added, as an unsigned integer. */
  get value(): number {
    return this.#value >>> 0;
  }

  reset(): this {
    this.#value = 0;
    return this;
  }

  add(bytes: Uint8Array, start: number, end: number): this {
    return end - start < NATIVE_CRC_SIZE_MIN
      ? this.addByScript(bytes, start, end)
      : this.addByNative(bytes, start, end);
  }

  /** As `add`, in native code whatever the size. */
  addByNative(bytes: Uint8Array, start: number, end: number): this {
    this.#value =
      nativeCrc32c(bytes.subarray(start, end), this.#value >>> 0) | 0;
    return this;
  }

  /** As `add`, in JavaScript whatever the size. */
  addByScript(bytes: Uint8Array, start: number, end: number): this {
    let crc = ~this.#value;
    let at = start;
    for (; at + 8 <= end; at += 8) {
      const low = crc ^ readInt32(bytes, at);
      const high = readInt32(bytes, at + 4);
      crc =
        table(7, low & 0xff) ^
        table(6, (low >>> 8) & 0xff) ^
        table(5, (low >>> 16) & 0xff) ^
        table(4, low >>> 24) ^
        table(3, high & 0xff) ^
        table(2, (high >>> 8) & 0xff) ^
        table(1, (high >>> 16) & 0xff) ^
        table(0, high >>> 24);
    }
    for (; at < end; at += 1)
      crc = (crc >>> 8) ^ table(0, (crc ^ (bytes[at] as number)) & 0xff);
    this.#value = ~crc;
    return this;
  }
}

/** What `byte` does to the sum when `distance` zero bytes follow it. */
function table(distance: number, byte: number): number {
  return tables[(distance << 8) | byte] as number;
}

function makeTables(): Int32Array {
  const made = new Int32Array(8 * 256);
  for (let byte = 0; byte < 256; byte += 1) {
    let crc = byte;
    for (let bit = 0; bit < 8; bit += 1)
      crc = (crc >>> 1) ^ (polynomial & -(crc & 1));
    made[byte] = crc;
  }
  for (let index = 256; index < made.length; index += 1) {
    const nearer = made[index - 256] as number;
    made[index] = (nearer >>> 8) ^ (made[nearer & 0xff] as number);
  }
  return made;
}

/** Castagnoli's polynomial, bits reversed. */
const polynomial = 0x82f63b78 | 0;
const tables = makeTables();
