/**
 * Chris Doty-Humphrey's "small fast counting" generator, 32-bit variant: 128 bits of state, passes PractRand,
 * a few nanoseconds a word and no arithmetic beyond 32-bit integers (source: PractRand, `sfc.h`).
 */
export class Sfc32 {
  #a = 0;
  #b = 0;
  #c = 0;
  #counter = 1;

  /** Start from four words of state. The first twelve outputs are thrown away, as the author advises. */
  seed(state: Uint32Array): void {
    this.#a = (state[0] as number) | 0;
    this.#b = (state[1] as number) | 0;
    this.#c = (state[2] as number) | 0;
    this.#counter = (state[3] as number) | 1;
    for (let round = 0; round < 12; round += 1) this.next();
  }

  /** The next 32 bits, as an unsigned integer. */
  next(): number {
    const sum = (((this.#a + this.#b) | 0) + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + sum) | 0;
    return sum >>> 0;
  }
}
