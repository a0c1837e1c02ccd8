/** A rolling hash of everything that happens. Two runs with one fingerprint took the same steps. */
import { digest, digestBytesMax, digestWords } from "../base/digest.ts";

/**
 * 64 bits in two lanes of 32, fed word by word. Always on (bench row `sim.overhead`), so it is a handful of integer
 * operations a word and never allocates.
 */
export class Fingerprint {
  #a = 0x2545f491;
  #b = 0x9e3779b9 | 0;

  /** Take in 32 bits. */
  word(value: number): void {
    this.#a = Math.imul(
      ((this.#a << 5) | (this.#a >>> 27)) ^ value,
      0x01000193,
    );
    this.#b =
      (Math.imul(this.#b ^ value, 0x85ebca6b) +
        ((this.#b << 13) | (this.#b >>> 19))) |
      0;
  }

  /** Take in an integer of up to 53 bits. */
  integer(value: number): void {
    this.word(value | 0);
    this.word((value / 0x1_0000_0000) | 0);
  }

  /** Take in an event, whole: one step of a lane for each part of it, and none for a division. */
  event(time: number, tie: number, sequence: number, what: number): void {
    const late = Math.imul((time / 0x1_0000_0000) | 0, 0x9e3779b1);
    const a = this.#a;
    const b = this.#b;
    const timed = Math.imul(((a << 5) | (a >>> 27)) ^ time, 0x01000193);
    const placed = Math.imul(((b << 13) | (b >>> 19)) ^ sequence, 0x85ebca6b);
    this.#a = Math.imul(
      ((timed << 5) | (timed >>> 27)) ^ tie ^ late ^ placed,
      0x01000193,
    );
    this.#b = Math.imul(((placed << 13) | (placed >>> 19)) ^ what, 0x85ebca6b);
  }

  /** Take in bytes and their number, eight bytes at a time, of which each lane has its half. */
  bytes(bytes: Uint8Array): void {
    const length = bytes.length;
    if (length >= digestBytesMin) return this.#many(bytes);
    let a = this.#a ^ length;
    let b = this.#b;
    let index = 0;
    for (; index + 8 <= length; index += 8) {
      const first =
        (bytes[index] as number) |
        ((bytes[index + 1] as number) << 8) |
        ((bytes[index + 2] as number) << 16) |
        ((bytes[index + 3] as number) << 24);
      const second =
        (bytes[index + 4] as number) |
        ((bytes[index + 5] as number) << 8) |
        ((bytes[index + 6] as number) << 16) |
        ((bytes[index + 7] as number) << 24);
      a = Math.imul(((a << 5) | (a >>> 27)) ^ first, 0x01000193);
      b = Math.imul(((b << 13) | (b >>> 19)) ^ second, 0x85ebca6b);
    }
    for (; index < length; index += 1)
      a = Math.imul(
        ((a << 5) | (a >>> 27)) ^ (bytes[index] as number),
        0x01000193,
      );
    this.#join(a, b);
  }

  /** Many bytes, by their digests. */
  #many(bytes: Uint8Array): void {
    const length = bytes.length;
    this.word(length);
    for (let start = 0; start < length; start += digestBytesMax) {
      const whole = length <= digestBytesMax;
      const words = digest(
        whole ? bytes : bytes.subarray(start, start + digestBytesMax),
      );
      for (let index = 0; index < digestWords; index += 1)
        this.word(words[index] as number);
    }
  }

  /** Let each lane know of the other. Two different pairs never become one. */
  #join(a: number, b: number): void {
    const joined = Math.imul(a ^ b, 0xc2b2ae35);
    this.#a = joined;
    this.#b = b ^ (joined >>> 15);
  }

  /** 16 hexadecimal digits. */
  toString(): string {
    return hex(this.#a) + hex(this.#b);
  }
}

function hex(word: number): string {
  return (word >>> 0).toString(16).padStart(8, "0");
}

/** Fewer bytes than this are taken in sooner than they are digested (bench row `sim.bytes`). */
const digestBytesMin = 128;
