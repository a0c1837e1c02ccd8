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

  /** 16 hexadecimal digits. */
  toString(): string {
    return hex(this.#a) + hex(this.#b);
  }
}

function hex(word: number): string {
  return (word >>> 0).toString(16).padStart(8, "0");
}
