/** What a disk gets wrong without a word: sectors that read as something else than was written to them. */
import type { DiskLuck } from "./disk-odds.ts";
import type { DamageBook } from "./fault-atlas.ts";
import type { FileNode } from "./folder.ts";
import { SECTOR_SIZE, sectorAt, sectorEnd } from "./sector.ts";

/** Bytes on their way to a file. */
export interface Write {
  readonly position: number;
  readonly bytes: Uint8Array;
  readonly stamp: number;
}

export interface SilentDamageParts {
  readonly luck: DiskLuck;
  readonly book: DamageBook;
  /** Told of each strike. */
  readonly count: (fault: string, path: string) => void;
}

/**
 * Invariants
 * 1. No sector is damaged that the book does not allow to be.
 * 2. Damage sticks: it lies upon what was written (`SectorDamage`) until that is written again, or all is healed.
 */
export class SilentDamage {
  readonly #luck: DiskLuck;
  readonly #book: DamageBook;
  readonly #count: (fault: string, path: string) => void;

  constructor({ luck, book, count }: SilentDamageParts) {
    this.#luck = luck;
    this.#book = book;
    this.#count = count;
  }

  /** These bytes, at least one and all within the file, are about to be read. */
  beforeRead(file: FileNode, position: number, length: number): void {
    if (!this.#misread(file, position, length))
      this.#flip(file, { position, length, fault: "read" });
  }

  /** Write it, or nothing, or elsewhere. */
  write(file: FileNode, write: Write): void {
    const { position, bytes, stamp } = write;
    const { length } = bytes;
    if (this.#luck.strikes("phantomWriteProbability"))
      this.#phantom(file, write);
    else if (this.#luck.strikes("misdirectWriteProbability"))
      this.#misdirect(file, write);
    else file.write(position, bytes, stamp);
    this.#flip(file, { position, length, fault: "write" });
  }

  /** From now on these sectors are looked for elsewhere in the file. Tells whether they are. */
  #misread(file: FileNode, position: number, length: number): boolean {
    const [from, to] = [sectorAt(position), sectorEnd(position, length)];
    const places = sectorEnd(0, file.content.length) - (to - from);
    if (places <= 0 || !this.#luck.strikes("misdirectReadProbability"))
      return false;
    const place = this.#luck.random.below(places);
    if (isDamaged(file, from, to) || !this.#claim(file, from, to)) return false;
    this.#count("misdirected read", file.path);
    const other = place < from ? place : place + 1;
    for (const [sector, shown] of sectorsShown(file, other, other + to - from))
      file.damage.show(sector - other + from, shown);
    return true;
  }

  /** Reported and not made: every sector goes on showing what it did. */
  #phantom(file: FileNode, { position, bytes, stamp }: Write): void {
    const [from, to] = sectorsOf(position, bytes);
    const claimed = this.#claim(file, from, to);
    const before = sectorsShown(file, from, to);
    file.write(position, bytes, stamp);
    if (!claimed) return;
    this.#count("phantom write", file.path);
    for (const [sector, shown] of before) file.damage.show(sector, shown);
  }

  /** The right place goes on showing what it did, and another shows what should be here. */
  #misdirect(file: FileNode, { position, bytes, stamp }: Write): void {
    const [from, to] = sectorsOf(position, bytes);
    const before = sectorsShown(file, from, to);
    file.write(position, bytes, stamp);
    const places = sectorEnd(0, file.content.length) - (to - from) + 1;
    const other = this.#luck.random.below(Math.max(1, places));
    const overlaps = other < to && from < other + (to - from);
    if (overlaps || !this.#claim(file, from, to)) return;
    if (!this.#claim(file, other, other + to - from)) {
      this.#unclaim(file, from, to);
      return;
    }
    this.#count("misdirected write", file.path);
    const meant = sectorsShown(file, from, to);
    for (const [sector, shown] of before) file.damage.show(sector, shown);
    for (const [sector, shown] of meant)
      file.damage.show(sector - from + other, shown);
  }

  /** A wrong bit. Each sector has its own luck. */
  #flip(
    file: FileNode,
    range: { position: number; length: number; fault: "read" | "write" },
  ): void {
    const { position, length, fault } = range;
    const odds = `${fault}FaultProbability` as const;
    if (!this.#luck.mayStrike(odds)) return;
    const end = sectorEnd(position, length);
    for (let sector = sectorAt(position); sector < end; sector += 1) {
      if (!this.#luck.strikes(odds)) continue;
      const bit = this.#luck.random.below(SECTOR_SIZE * 8);
      if (file.damage.sectors.test(sector)) continue;
      if (!this.#claim(file, sector, sector + 1)) continue;
      this.#count(`${fault} fault`, file.path);
      const shown = file.sector(sector);
      shown[bit >> 3] = (shown[bit >> 3] as number) ^ (1 << (bit & 7));
      file.damage.show(sector, shown);
    }
  }

  /** Whether all these sectors may be damaged. */
  #claim(file: FileNode, from: number, to: number): boolean {
    const { path } = file;
    for (let sector = from; sector < to; sector += 1) {
      if (this.#book.claim(path, sector)) continue;
      this.#unclaim(file, from, sector);
      return false;
    }
    return true;
  }

  /** Nothing came of it. */
  #unclaim({ path, damage }: FileNode, from: number, to: number): void {
    for (let sector = from; sector < to; sector += 1)
      if (!damage.sectors.test(sector)) this.#book.release(path, sector);
  }
}

/** Whether one of these sectors shows something else already, and is to go on doing so. */
function isDamaged({ damage }: FileNode, from: number, to: number): boolean {
  for (let sector = from; sector < to; sector += 1)
    if (damage.sectors.test(sector)) return true;
  return false;
}

function sectorsOf(
  position: number,
  bytes: Uint8Array,
): [from: number, to: number] {
  return [sectorAt(position), sectorEnd(position, bytes.length)];
}

function sectorsShown(
  file: FileNode,
  from: number,
  to: number,
): [sector: number, shown: Uint8Array][] {
  return Array.from({ length: to - from }, (_, index) => [
    from + index,
    file.sector(from + index),
  ]);
}
