/** What each sector of one file may legally hold. */
import { SECTOR_SIZE, sectorAt, sectorEnd } from "./sector.ts";

/**
 * Contents by sector: the last is the one that reads yield, those before it are what a loss of power may bring back. A
 * file that was there before anybody watched is unknown, and anything goes in a sector until it is written or read.
 */
export class SectorLaw {
  readonly #contents = new Map<number, Uint8Array[]>();
  /** Sectors of which several contents are possible, and which of them is so has not been seen yet. */
  readonly #unsettled = new Set<number>();
  /** Sectors that were unsettled when part of them was written: whatever they hold, a read of all of it settles it. */
  readonly #unknown = new Set<number>();
  /** Known sectors that become unknown with the next loss of power, unless they are synced before. */
  readonly #hazy = new Set<number>();

  /** These bytes were written there, or some of them. */
  written(position: number, bytes: Uint8Array, surely: boolean): void {
    const end = sectorEnd(position, bytes.length);
    for (let sector = sectorAt(position); sector < end; sector += 1) {
      const start = sector * SECTOR_SIZE;
      const from = Math.max(position, start);
      const to = Math.min(position + bytes.length, start + SECTOR_SIZE);
      const contents = this.#of(sector);
      const after = (contents.at(-1) as Uint8Array).slice();
      after.set(bytes.subarray(from - position, to - position), from - start);
      contents.push(after);
      if (this.#unsettled.has(sector)) this.#unknown.add(sector);
      if (!surely) this.#unsettled.add(sector);
    }
  }

  /** The file ends there now: what is behind it reads as zeros if the file grows again. */
  cut(length: number): void {
    for (const [sector, contents] of this.#contents) {
      const keep = length - sector * SECTOR_SIZE;
      if (keep >= SECTOR_SIZE) continue;
      const last = contents.at(-1) as Uint8Array;
      contents.push(last.slice().fill(0, Math.max(0, keep)));
    }
  }

  /** What is read now is durable. */
  synced(): void {
    for (const [sector, contents] of this.#contents)
      if (!this.#unsettled.has(sector)) contents.splice(0, contents.length - 1);
  }

  powerLost(): void {
    for (const [sector, contents] of this.#contents)
      if (contents.length > 1) this.#unsettled.add(sector);
    for (const sector of this.#hazy) {
      this.#unsettled.add(sector);
      this.#unknown.add(sector);
    }
    this.#hazy.clear();
  }

  /** Hold what was read against the law. Whole sectors that were unsettled are settled by it. */
  check(
    position: number,
    bytes: Uint8Array,
  ): { checked: number; illegal: number[] } {
    const illegal: number[] = [];
    const [first, end] = [
      sectorAt(position),
      sectorEnd(position, bytes.length),
    ];
    for (let sector = first; sector < end; sector += 1) {
      const start = sector * SECTOR_SIZE;
      const from = Math.max(position, start);
      const to = Math.min(position + bytes.length, start + SECTOR_SIZE);
      const part = bytes.subarray(from - position, to - position);
      if (!this.#allows(sector, from - start, part)) illegal.push(sector);
    }
    return { checked: end - first, illegal };
  }

  #allows(sector: number, at: number, part: Uint8Array): boolean {
    const contents = this.#of(sector);
    if (!this.#unsettled.has(sector))
      return isTorn(part, at, [contents.at(-1) as Uint8Array]);
    // A cut may have come with the loss, so zeros behind anything are as good as it.
    const end = part.findLastIndex((byte) => byte !== 0) + 1;
    const allowed =
      this.#unknown.has(sector) || isTorn(part.subarray(0, end), at, contents);
    if (allowed && part.length === SECTOR_SIZE) this.#settle(sector, part);
    return allowed;
  }

  /** Now it is known. What it held before it was written to is not: the next loss of power may bring that back. */
  #settle(sector: number, content: Uint8Array): void {
    if (this.#unknown.delete(sector)) this.#hazy.add(sector);
    this.#contents.set(sector, [content.slice()]);
    this.#unsettled.delete(sector);
  }

  #of(sector: number): Uint8Array[] {
    let contents = this.#contents.get(sector);
    if (contents === undefined) {
      contents = [new Uint8Array(SECTOR_SIZE)];
      this.#contents.set(sector, contents);
    }
    return contents;
  }
}

/** Whether it begins as one of these contents and ends as another, or is one of them. */
function isTorn(
  part: Uint8Array,
  at: number,
  contents: readonly Uint8Array[],
): boolean {
  const begins = Math.max(
    ...contents.map((content) => agreesFor(part, at, content)),
  );
  const ends = Math.min(
    ...contents.map((content) => agreesFrom(part, at, content)),
  );
  return begins >= ends;
}

/** How many bytes from the front agree. */
function agreesFor(part: Uint8Array, at: number, content: Uint8Array): number {
  const differs = part.findIndex((byte, place) => byte !== content[at + place]);
  return differs === -1 ? part.length : differs;
}

/** From which byte on all agree to the end. */
function agreesFrom(part: Uint8Array, at: number, content: Uint8Array): number {
  return part.findLastIndex((byte, place) => byte !== content[at + place]) + 1;
}
