/** What was done to a file since its last sync, and what each of its sectors might hold after a loss of power. */
import type { Page } from "./page-pool.ts";
import { SECTOR_SIZE, sectorAt, sectorEnd } from "./sector.ts";

/** One change that is not durable yet. */
export type UnsyncedOperation =
  | {
      readonly kind: "write";
      /** Which call it was; a sync covers what was called before it. */
      readonly stamp: number;
      readonly position: number;
      /** No more than one page, and within it. */
      readonly bytes: Uint8Array;
      /** Held for as long as the operation is known, if it was written from end to end. */
      readonly page: Page | undefined;
    }
  | {
      readonly kind: "length";
      readonly stamp: number;
      readonly from: number;
      readonly to: number;
    };

/** It is of no account any more: nobody knows of it from here. */
export function release(operation: UnsyncedOperation): void {
  if (operation.kind === "write") operation.page?.release();
}

/** A content that a sector had, and since which operation. */
interface Version {
  readonly at: number;
  readonly bytes: Uint8Array;
  /** It came about by a cut of the file, and is only there if the cut is. */
  readonly cut: boolean;
}

/** What the sectors held before the operations. */
export interface SectorBase {
  /** On the disk. */
  durable(sector: number): Uint8Array;
  /** In the cache: something else only where a sync failed to write it. */
  cached(sector: number): Uint8Array;
}

/** All that each written sector held in the course of some operations. */
export class SectorHistories {
  /** Changes of the length, the oldest first. */
  readonly lengths: readonly LengthChange[];
  readonly #versions = new Map<number, Version[]>();
  readonly #cache = new Map<number, Uint8Array>();
  readonly #atOf = new Map<LengthChange, number>();

  constructor(base: SectorBase, log: readonly UnsyncedOperation[]) {
    this.lengths = log.filter((operation) => operation.kind === "length");
    for (const sector of sectorsWritten(log)) {
      const durable = { at: -1, bytes: base.durable(sector), cut: false };
      this.#versions.set(sector, [durable]);
      this.#cache.set(sector, base.cached(sector));
    }
    for (const [at, operation] of log.entries())
      if (operation.kind === "write") this.#write(at, operation);
      else this.#setLength(at, operation);
  }

  /** Sectors in the order in which they were first written. */
  get sectors(): IterableIterator<number> {
    return this.#versions.keys();
  }

  /** What a sector might hold if these changes of the length took place, and no others. In order of time. */
  contents(sector: number, lengths: readonly LengthChange[]): Uint8Array[] {
    const versions = this.#versions.get(sector) ?? [];
    const cut = lengths.findLast((length) => cuts(length, sector));
    const at = cut === undefined ? -1 : this.#atOf.get(cut);
    const start = versions.findIndex((version) => version.at === at);
    return versions
      .filter(
        (version, index) => index === start || (index > start && !version.cut),
      )
      .map(({ bytes }) => bytes);
  }

  #write(at: number, operation: Write): void {
    const end = sectorEnd(operation.position, operation.bytes.length);
    for (let sector = sectorAt(operation.position); sector < end; sector += 1)
      this.#become(sector, at, operation);
  }

  #setLength(at: number, operation: LengthChange): void {
    this.#atOf.set(operation, at);
    for (const sector of this.#versions.keys())
      if (cuts(operation, sector)) this.#become(sector, at, operation);
  }

  #become(sector: number, at: number, operation: UnsyncedOperation): void {
    const before = this.#cache.get(sector) as Uint8Array;
    const cut = operation.kind === "length";
    const bytes = cut
      ? afterCut(before, sector, operation)
      : afterWrite(before, sector, operation);
    this.#cache.set(sector, bytes);
    this.#versions.get(sector)?.push({ at, bytes, cut });
  }
}

/** Every sector that is written to, in order of the first time. */
export function sectorsWritten(log: readonly UnsyncedOperation[]): Set<number> {
  const sectors = new Set<number>();
  for (const operation of log) {
    if (operation.kind !== "write") continue;
    const end = sectorEnd(operation.position, operation.bytes.length);
    for (let sector = sectorAt(operation.position); sector < end; sector += 1)
      sectors.add(sector);
  }
  return sectors;
}

type Write = Extract<UnsyncedOperation, { kind: "write" }>;
/** The file became longer or shorter. */
export type LengthChange = Extract<UnsyncedOperation, { kind: "length" }>;

/** Whether it takes something of that sector away. */
export function cuts({ from, to }: LengthChange, sector: number): boolean {
  return to < from && to < (sector + 1) * SECTOR_SIZE;
}

/** What is left of that sector after it. */
export function afterCut(
  before: Uint8Array,
  sector: number,
  { to }: LengthChange,
): Uint8Array {
  return before.slice().fill(0, Math.max(0, to - sector * SECTOR_SIZE));
}

function afterWrite(
  before: Uint8Array,
  sector: number,
  { position, bytes }: Write,
): Uint8Array {
  const start = sector * SECTOR_SIZE;
  const from = Math.max(position, start);
  const to = Math.min(position + bytes.length, start + SECTOR_SIZE);
  const after = before.slice();
  after.set(bytes.subarray(from - position, to - position), from - start);
  return after;
}
