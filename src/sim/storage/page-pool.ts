/** Memory for the pages of a file: used again and again, since a program that writes and syncs replaces them all the time. */
import { SECTOR_SIZE } from "./sector.ts";

/** Eight sectors, which is what systems read and write at once (bench row `sim.disk`). */
export const pageSize: number = 8 * SECTOR_SIZE;

/** Pages are allocated so many at a time, at most. */
const slabPagesMax = 16;
/** So many pages that nobody needs are kept for those who will; the others are garbage. */
const freePagesMax = 256;

/**
 * One page. Whoever has it counts as a holder: what programs see, what is durable, and each write that is not synced.
 *
 * Invariants
 * 1. Only who is the one holder changes it; others take a copy.
 * 2. A page that nobody holds belongs to its pool again, and nobody looks at it any more.
 */
export class Page {
  readonly bytes: Uint8Array;
  #holders = 1;
  readonly #pool: Page[];

  constructor(bytes: Uint8Array, pool: Page[]) {
    this.bytes = bytes;
    this.#pool = pool;
  }

  /** Whether somebody else has it too, so that nobody may change it. */
  get shared(): boolean {
    return this.#holders > 1;
  }

  /** One holder more. */
  hold(): this {
    this.#holders += 1;
    return this;
  }

  /** One holder less. */
  release(): void {
    this.#holders -= 1;
    if (this.#holders > 0) return;
    this.#holders = 1;
    if (this.#pool.length < freePagesMax) this.#pool.push(this);
  }
}

/** The pages of one file. They go when it does, so a holder who forgets to say so costs memory and nothing else. */
export class PagePool {
  readonly #free: Page[] = [];
  #slab = new ArrayBuffer(0);
  #used = 0;

  /** A page, with one holder, of whatever content: it is to be overwritten from end to end. */
  take(): Page {
    return this.#free.pop() ?? this.#make();
  }

  #make(): Page {
    if (this.#used === this.#slab.byteLength) {
      const pages = Math.max(1, (2 * this.#slab.byteLength) / pageSize);
      this.#slab = new ArrayBuffer(Math.min(pages, slabPagesMax) * pageSize);
      this.#used = 0;
    }
    const bytes = new Uint8Array(this.#slab, this.#used, pageSize);
    this.#used += pageSize;
    return new Page(bytes, this.#free);
  }
}
