/** A set of sectors, as bits; sparse, so that a sector far behind the others costs no more than they do. */

const bitsPerWord = 32;

/** Which sectors of a file are so. Sectors are numbered from 0. */
export class SectorBitSet {
  readonly #words = new Map<number, number>();
  #size = 0;

  /** How many sectors are in the set. */
  get size(): number {
    return this.#size;
  }

  test(sector: number): boolean {
    const word = this.#words.get(Math.floor(sector / bitsPerWord));
    return word !== undefined && (word & (1 << (sector % bitsPerWord))) !== 0;
  }

  set(sector: number): void {
    if (this.test(sector)) return;
    const index = Math.floor(sector / bitsPerWord);
    const word = this.#words.get(index) ?? 0;
    this.#words.set(index, word | (1 << (sector % bitsPerWord)));
    this.#size += 1;
  }

  unset(sector: number): void {
    if (!this.test(sector)) return;
    const index = Math.floor(sector / bitsPerWord);
    const word = this.#words.get(index) as number;
    const rest = word & ~(1 << (sector % bitsPerWord));
    if (rest === 0) this.#words.delete(index);
    else this.#words.set(index, rest);
    this.#size -= 1;
  }

  clear(): void {
    this.#words.clear();
    this.#size = 0;
  }

  /** The sectors, in ascending order. */
  sectors(): number[] {
    const found: number[] = [];
    for (const [index, word] of this.#words)
      for (let bit = 0; bit < bitsPerWord; bit += 1)
        if ((word & (1 << bit)) !== 0) found.push(index * bitsPerWord + bit);
    return found.sort((left, right) => left - right);
  }

  /** Runs of sectors, in ascending order, each from its first to behind its last. */
  ranges(): [from: number, to: number][] {
    const found: [from: number, to: number][] = [];
    for (const sector of this.sectors()) {
      const last = found.at(-1);
      if (last?.[1] === sector) last[1] = sector + 1;
      else found.push([sector, sector + 1]);
    }
    return found;
  }
}
