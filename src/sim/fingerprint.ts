/** A rolling hash of everything that happens. Two runs with one fingerprint took the same steps. */

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

  /** Take in bytes and their number, four bytes at a time. */
  bytes(bytes: Uint8Array): void {
    const length = bytes.length;
    this.word(length);
    let index = 0;
    while (length - index >= scratchMin) index = this.#block(bytes, index);
    for (; index + 4 <= length; index += 4) {
      const low =
        (bytes[index] as number) | ((bytes[index + 1] as number) << 8);
      this.word(
        low |
          ((bytes[index + 2] as number) << 16) |
          ((bytes[index + 3] as number) << 24),
      );
    }
    for (; index < length; index += 1) this.word(bytes[index] as number);
  }

  /**
   * Many bytes, in four lanes that a processor works on at once (bench row `sim.disk`). Each step of a lane is a
   * bijection, so that no single difference is lost. Words are of the machine's byte order, which is little-endian
   * wherever Node runs.
   */
  #block(bytes: Uint8Array, start: number): number {
    const end = Math.min(bytes.length, start + scratch.length);
    const words = (end - start) >>> 2;
    const whole = words - (words % 4);
    scratch.set(bytes.subarray(start, start + whole * 4));
    let [a, b] = [this.#a, this.#b];
    let [c, d] = [~a, ~b];
    for (let index = 0; index < whole; index += 4) {
      a = Math.imul(
        ((a << 5) | (a >>> 27)) ^ (scratchWords[index] as number),
        0x01000193,
      );
      b = Math.imul(
        ((b << 5) | (b >>> 27)) ^ (scratchWords[index + 1] as number),
        0x01000193,
      );
      c = Math.imul(
        ((c << 5) | (c >>> 27)) ^ (scratchWords[index + 2] as number),
        0x01000193,
      );
      d = Math.imul(
        ((d << 5) | (d >>> 27)) ^ (scratchWords[index + 3] as number),
        0x01000193,
      );
    }
    for (const lane of [a, b, c, d]) this.word(lane);
    return start + whole * 4;
  }

  /** 16 hexadecimal digits. */
  toString(): string {
    return hex(this.#a) + hex(this.#b);
  }
}

function hex(word: number): string {
  return (word >>> 0).toString(16).padStart(8, "0");
}

/** Where bytes are aligned, to be read as words. */
const scratch = new Uint8Array(4_096);
const scratchWords = new Int32Array(scratch.buffer);

/** Fewer bytes than this are not worth the copy. */
const scratchMin = 64;
