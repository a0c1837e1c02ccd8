/** Sectors that read as something else than was written to them. */
import { SECTOR_SIZE, sectorAt, sectorEnd } from "./sector.ts";
import { SectorBitSet } from "./sector-bit-set.ts";

/** One damaged sector under bytes that are read or written: positions in the file. */
interface Touched {
  readonly shown: Uint8Array;
  readonly start: number;
  readonly from: number;
  readonly to: number;
}

/**
 * What damaged sectors show. What was really written lies beneath, so that damage can be taken back.
 *
 * Invariants
 * 1. Damage sticks: every read shows the same, however it is cut, until the sector is written again.
 * 2. A write repairs what it writes and nothing else: a sector that is written in part shows the rest as before.
 */
export class SectorDamage {
  readonly sectors: SectorBitSet = new SectorBitSet();
  readonly #shown = new Map<number, Uint8Array>();
  readonly #onRepair: (sector: number) => void;

  /** @param onRepair told of each sector that is whole again. */
  constructor(onRepair: (sector: number) => void = ignore) {
    this.#onRepair = onRepair;
  }

  /** From now on reads of that sector yield these bytes. */
  show(sector: number, bytes: Uint8Array): void {
    this.sectors.set(sector);
    this.#shown.set(sector, bytes);
  }

  /** Put what is shown over bytes that were read from `position`. */
  overlay(position: number, bytes: Uint8Array): void {
    if (this.sectors.size === 0) return;
    for (const { shown, start, from, to } of this.#touched(position, bytes))
      bytes.set(shown.subarray(from - start, to - start), from - position);
  }

  /** These bytes were written. */
  written(position: number, bytes: Uint8Array): void {
    if (this.sectors.size === 0) return;
    for (const { shown, start, from, to } of this.#touched(position, bytes)) {
      if (to - from === SECTOR_SIZE) this.#repair(start / SECTOR_SIZE);
      else
        shown.set(bytes.subarray(from - position, to - position), from - start);
    }
  }

  /** The file was cut there: what is behind it is gone. */
  cut(length: number): void {
    if (this.sectors.size === 0) return;
    for (const sector of this.sectors.sectors()) {
      const start = sector * SECTOR_SIZE;
      if (start >= length) this.#repair(sector);
      else this.#shown.get(sector)?.fill(0, Math.max(0, length - start));
    }
  }

  /** Everything shows what was written. */
  clear(): void {
    for (const sector of this.sectors.sectors()) this.#repair(sector);
  }

  /** The damaged sectors under bytes at a position, and which part of each lies under them. */
  *#touched(position: number, bytes: Uint8Array): Generator<Touched> {
    const end = sectorEnd(position, bytes.length);
    for (let sector = sectorAt(position); sector < end; sector += 1) {
      const shown = this.#shown.get(sector);
      if (shown === undefined) continue;
      const start = sector * SECTOR_SIZE;
      const from = Math.max(position, start);
      const to = Math.min(position + bytes.length, start + SECTOR_SIZE);
      yield { shown, start, from, to };
    }
  }

  #repair(sector: number): void {
    this.sectors.unset(sector);
    this.#shown.delete(sector);
    this.#onRepair(sector);
  }
}

function ignore(): void {
  // Nobody asked.
}
