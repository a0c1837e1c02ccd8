/** One file on a simulated disk: what programs see, what is durable, and what lies between. */
import { ByteArena } from "../../base/byte-arena.ts";
import type { CrashChoices } from "./crash-choices.ts";
import { noLosses, settleSector, type CrashLosses } from "./crash-losses.ts";
import { PagePool, pageSize } from "./page-pool.ts";
import { forEachPage, Pages } from "./pages.ts";
import { SECTOR_SIZE } from "./sector.ts";
import {
  afterCut,
  cuts,
  release,
  SectorHistories,
  sectorsWritten,
  type LengthChange,
  type UnsyncedOperation,
} from "./unsynced.ts";

/** Beyond this the cache writes back of its own accord what is oldest, as systems do; so memory has a bound. */
const unsyncedMax = 1_024;

/**
 * Invariants
 * 1. What was written before a sync that succeeded, and not after it, is what any crash leaves.
 * 2. After a crash each sector that was written since has one of the contents it had meanwhile, or is torn between
 *    two of them; and the length is one of those that the file had meanwhile.
 * 3. What a failed sync did not write is seen until the next crash, and gone after it, whatever is synced meanwhile.
 */
export class InMemoryStorage {
  readonly #pool = new PagePool();
  readonly #seen = new Pages(this.#pool);
  readonly #durable = new Pages(this.#pool);
  /** What was written in parts of pages. */
  readonly #parts = new ByteArena();
  #log: UnsyncedOperation[] = [];
  /** Pages that differ. */
  readonly #dirty = new Set<number>();
  /** Seen, but never to be written: a sync failed to. By sector, with what the cache held then. */
  readonly #lost = new Map<number, Uint8Array>();

  /** Bytes in the file, as programs see it. */
  get length(): number {
    return this.#seen.length;
  }

  /** Whether a loss of power could lose something. */
  get dirty(): boolean {
    return this.#log.length > 0 || this.#lost.size > 0;
  }

  /** Changes that a loss of power could undo. */
  get unsyncedOperations(): number {
    return this.#log.length;
  }

  /** What it takes on a disk, in bytes: pages that were written. */
  get bytesUsed(): number {
    return this.#seen.bytesHeld;
  }

  /** Memory that the file's content takes, in bytes: what was written counts, holes do not. */
  get bytesHeld(): number {
    return this.#seen.bytesHeld + this.#durable.bytesHeldBeside(this.#seen);
  }

  /** A copy of these bytes, cut at the end of the file. */
  read(position: number, length: number): Uint8Array {
    return this.#seen.read(position, length);
  }

  /** How many bytes of `length` there are from `position`: fewer at the end of the file. */
  available(position: number, length: number): number {
    return this.#seen.available(position, length);
  }

  /** Copy what is at `position` over all of `bytes`, which are within the file. */
  readInto(position: number, bytes: Uint8Array): void {
    this.#seen.readInto(position, bytes);
  }

  /** What a crash that loses everything would leave of these bytes. */
  readDurable(position: number, length: number): Uint8Array {
    return this.#durable.read(position, length);
  }

  /**
   * Write into the cache, page by page.
   * @param stamp a number that grows with each change, for `sync` to say how far it goes.
   */
  write(position: number, bytes: Uint8Array, stamp: number = 0): void {
    const from = this.#seen.length;
    const within = (position % pageSize) + bytes.length <= pageSize;
    if (within && bytes.length > 0) this.#write(position, bytes, stamp);
    else
      forEachPage(position, bytes, (at, part) => this.#write(at, part, stamp));
    const to = this.#seen.length;
    if (to > from) this.#log.push({ kind: "length", stamp, from, to });
    if (this.#log.length > unsyncedMax) this.#writeBack();
  }

  /** Cut, or extend with zeros, in the cache. */
  setLen(to: number, stamp: number = 0): void {
    const from = this.#seen.length;
    if (to === from) return;
    this.#seen.setLen(to);
    this.#log.push({ kind: "length", stamp, from, to });
    if (this.#log.length > unsyncedMax) this.#writeBack();
  }

  /** Make durable what was changed with a stamp up to this one. */
  sync(stampMax: number = Infinity): void {
    const last = this.#log.at(-1);
    if (last === undefined) return;
    if (last.stamp <= stampMax && this.#lost.size === 0) this.#syncPages();
    else this.#syncOperations((operation) => operation.stamp <= stampMax);
  }

  /** Fail to sync: what `reaches` does not say reached the disk never will. The length does. */
  failSync(reaches: (sector: number) => boolean): void {
    const histories = new SectorHistories(this.#base(), this.#log);
    const before = new Map<number, Uint8Array>();
    for (const sector of histories.sectors) {
      const [bytes] = histories.contents(sector, histories.lengths);
      if (!reaches(sector)) before.set(sector, bytes as Uint8Array);
    }
    this.#syncOperations(() => true);
    for (const [sector, bytes] of before) {
      this.#lost.set(sector, this.#seen.sector(sector));
      this.#writeDurable(sector, bytes);
    }
  }

  /** The same file, which goes its own way from here. */
  clone(): InMemoryStorage {
    const copy = new InMemoryStorage();
    copy.#seen.adoptAll(this.#seen);
    copy.#durable.adoptAll(this.#durable);
    copy.#log = [...this.#log];
    for (const operation of copy.#log)
      if (operation.kind === "write") operation.page?.hold();
    for (const page of this.#dirty) copy.#dirty.add(page);
    for (const [sector, bytes] of this.#lost) copy.#lost.set(sector, bytes);
    return copy;
  }

  /** Power is lost, and comes back. From now on what the crash left is what programs see, and durable. */
  crash(choices: CrashChoices): CrashLosses {
    const losses = noLosses();
    if (!this.dirty) return losses;
    const histories = new SectorHistories(this.#base(), this.#log);
    const kept = choices.lengths(histories.lengths.length);
    const lengths = histories.lengths.slice(0, kept);
    losses.lostMetadata += histories.lengths.length - kept;
    const left = new Map<number, Uint8Array>();
    const length = lengths.at(-1)?.to ?? this.#durable.length;
    for (const sector of histories.sectors) {
      if (sector * SECTOR_SIZE >= length) continue;
      const contents = histories.contents(sector, lengths);
      left.set(sector, settleSector(contents, choices, losses));
    }
    for (const { to } of lengths) this.#durable.setLen(to);
    for (const [sector, bytes] of left) this.#writeDurable(sector, bytes);
    this.#forget();
    this.#seen.adoptAll(this.#durable);
    return losses;
  }

  /** A page as a whole is held by the log as well; of less than that the log has a copy. */
  #write(position: number, bytes: Uint8Array, stamp: number): void {
    const page = this.#seen.writeWithin(position, bytes)?.hold();
    const kept = page?.bytes ?? this.#parts.copyOf(bytes);
    this.#log.push({ kind: "write", stamp, position, bytes: kept, page });
    this.#dirty.add(Math.floor(position / pageSize));
  }

  #syncPages(): void {
    for (const operation of this.#log)
      if (operation.kind === "length") this.#durable.setLen(operation.to);
    for (const page of this.#dirty) this.#durable.adopt(page, this.#seen);
    this.#forget();
  }

  /** Make some operations durable, one by one, each with the whole of the sectors it touches. */
  #syncOperations(covers: (operation: UnsyncedOperation) => boolean): void {
    const rest: UnsyncedOperation[] = [];
    const written = this.#log.filter((operation) => {
      const covered = covers(operation);
      if (!covered) rest.push(operation);
      return covered;
    });
    for (const sector of sectorsWritten(written)) {
      const lost = this.#lost.get(sector);
      if (lost !== undefined) this.#writeDurable(sector, lost);
      this.#lost.delete(sector);
    }
    for (const operation of written) {
      if (operation.kind === "length") this.#setDurableLength(operation);
      else if (operation.page === undefined)
        this.#durable.write(operation.position, operation.bytes);
      else this.#durable.share(operation.position, operation.page);
      release(operation);
    }
    this.#log = rest;
    if (rest.length === 0) this.#dirty.clear();
  }

  /** A cut takes with it what a failed sync had left in the cache. */
  #setDurableLength(change: LengthChange): void {
    this.#durable.setLen(change.to);
    for (const [sector, bytes] of this.#lost) {
      if (sector * SECTOR_SIZE >= change.to) this.#lost.delete(sector);
      else if (cuts(change, sector))
        this.#lost.set(sector, afterCut(bytes, sector, change));
    }
  }

  #writeBack(): void {
    const until = this.#log[this.#log.length >> 1] as UnsyncedOperation;
    let passed = false;
    this.#syncOperations((operation) => {
      passed ||= operation === until;
      return !passed;
    });
  }

  #base(): { durable(s: number): Uint8Array; cached(s: number): Uint8Array } {
    const durable = (sector: number): Uint8Array =>
      this.#durable.sector(sector);
    return {
      durable,
      cached: (sector) => this.#lost.get(sector) ?? durable(sector),
    };
  }

  /** Write a sector, as far as the file goes. */
  #writeDurable(sector: number, bytes: Uint8Array): void {
    const start = sector * SECTOR_SIZE;
    const room = Math.max(0, this.#durable.length - start);
    this.#durable.write(start, bytes.subarray(0, room));
  }

  #forget(): void {
    for (const operation of this.#log) release(operation);
    this.#log = [];
    this.#dirty.clear();
    this.#lost.clear();
  }
}
