/** Randomness of the operating system. */
import { randomFillSync } from "node:crypto";

import {
  checkBound,
  checkItems,
  checkLength,
  checkProbability,
  checkRange,
  type RandomProvider,
} from "../core/index.ts";

/**
 * Draws from the operating system's generator, in batches of 4 KiB, so that a
 * draw costs a few nanoseconds. Unpredictable enough for tokens and secrets.
 */
export class NodeRandomProvider implements RandomProvider {
  readonly #pool = new Uint32Array(poolLength);
  /** The next word of the pool that nobody has seen. */
  #next = poolLength;

  uint32(): number {
    if (this.#next === poolLength) {
      randomFillSync(this.#pool);
      this.#next = 0;
    }
    const word = this.#pool[this.#next] as number;
    this.#next += 1;
    return word;
  }

  ratio(): number {
    return this.#bits53() / (wordCount * highCount);
  }

  below(bound: number): number {
    checkBound(bound);
    return bound <= wordCount
      ? this.#belowNarrow(bound)
      : this.#belowWide(bound);
  }

  range(start: number, end: number): number {
    checkRange(start, end);
    return start + this.below(end - start);
  }

  bool(probability = 0.5): boolean {
    checkProbability(probability);
    return this.ratio() < probability;
  }

  pick<T>(items: readonly T[]): T {
    checkItems(items);
    return items[this.below(items.length)] as T;
  }

  bytes(length: number): Uint8Array {
    checkLength(length);
    return randomFillSync(new Uint8Array(length));
  }

  /** 53 random bits: as many as a number holds. */
  #bits53(): number {
    return (this.uint32() & (highCount - 1)) * wordCount + this.uint32();
  }

  /** Draws above the last whole multiple of `bound` are drawn again. */
  #belowNarrow(bound: number): number {
    const usable = wordCount - (wordCount % bound);
    let draw = this.uint32();
    while (draw >= usable) draw = this.uint32();
    return draw % bound;
  }

  #belowWide(bound: number): number {
    const all = wordCount * highCount;
    const usable = all - (all % bound);
    let draw = this.#bits53();
    while (draw >= usable) draw = this.#bits53();
    return draw % bound;
  }
}

/** Words in the pool: 4 KiB. */
const poolLength = 1_024;
/** How many values 32 bits have. */
const wordCount = 0x1_0000_0000;
/** How many values the 21 bits have that make 53 of 32. */
const highCount = 0x20_0000;
