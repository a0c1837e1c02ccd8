/** How much of what is kept in several copies may be damaged at once. */

/** The damage of one disk, as the atlas of the world counts it. */
export interface DamageBook {
  /** Whether that sector may be damaged. If so, it counts as damaged until it is released. */
  claim(path: string, sector: number): boolean;
  /** It is whole again. */
  release(path: string, sector: number): void;
  /** These sectors are damaged as before, but the file is called otherwise now. */
  move(from: string, to: string, sectors: readonly number[]): void;
}

/**
 * The damage of all disks of a world, so that what is kept in enough copies can always be had from one that is whole.
 * Files of the same path on different disks are taken for copies of each other. After TigerBeetle's fault atlas.
 */
export class FaultAtlas {
  readonly #damaged = new Map<string, Map<number, Set<string>>>();
  readonly #copiesMax: number;

  /** @param copiesMax how many copies of a sector may be damaged at once. */
  constructor(copiesMax: number) {
    this.#copiesMax = copiesMax;
  }

  /** The part of it that is about the disk at that address. */
  bookOf(ip: string): DamageBook {
    return {
      claim: (path, sector) => {
        const copies = this.#copies(path, sector);
        if (copies.has(ip)) return true;
        if (copies.size >= this.#copiesMax) return false;
        copies.add(ip);
        return true;
      },
      release: (path, sector) => void this.#copies(path, sector).delete(ip),
      move: (from, to, sectors) => {
        for (const sector of sectors) {
          this.#copies(from, sector).delete(ip);
          this.#copies(to, sector).add(ip);
        }
      },
    };
  }

  /** How many copies of that sector are damaged. */
  damagedCopies(path: string, sector: number): number {
    return this.#copies(path, sector).size;
  }

  #copies(path: string, sector: number): Set<string> {
    const sectors = this.#damaged.get(path) ?? new Map<number, Set<string>>();
    const copies = sectors.get(sector) ?? new Set<string>();
    this.#damaged.set(path, sectors.set(sector, copies));
    return copies;
  }
}
