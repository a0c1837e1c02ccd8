/** What goes wrong on a disk while it works. */
import { StorageError, type RandomProvider } from "../../core/index.ts";
import type { FaultLog } from "../fault-log.ts";
import type { DamageBook } from "./fault-atlas.ts";
import type { FileNode } from "./folder.ts";
import { SECTOR_SIZE, sectorAt, sectorEnd } from "./sector.ts";
import type { StorageConfiguration } from "./storage-config.ts";

export interface DiskFaultsParts {
  readonly ip: string;
  readonly random: RandomProvider;
  readonly log: FaultLog;
  readonly book: DamageBook;
}

/** Bytes on their way to a file. */
export interface Write {
  readonly position: number;
  readonly bytes: Uint8Array;
  readonly stamp: number;
}

/** How likely each fault is. */
export type DiskOdds = {
  readonly [
    K in keyof StorageConfiguration as K extends `${string}Probability`
      ? K
      : never
  ]: number;
};

/** Carries out reads, writes and syncs on a file, as well as the disk can. What cannot strike draws nothing. */
export class DiskFaults {
  readonly #ip: string;
  readonly #random: RandomProvider;
  readonly #log: FaultLog;
  readonly #book: DamageBook;
  #odds: DiskOdds | undefined;

  constructor({ ip, random, log, book }: DiskFaultsParts) {
    this.#ip = ip;
    this.#random = random;
    this.#log = log;
    this.#book = book;
  }

  /** From now on, these faults; none if undefined. Returns those until now. */
  strike(odds: DiskOdds | undefined): DiskOdds | undefined {
    const before = this.#odds;
    this.#odds = odds;
    return before;
  }

  /** Throw, if the operation fails outright. */
  check(path: string): void {
    if (this.#strikes("ioErrorProbability")) throw this.#ioError(path);
  }

  /** What is read there. */
  read(file: FileNode, position: number, length: number): Uint8Array {
    if (this.#odds === undefined) return file.read(position, length);
    const there = Math.min(length, file.content.length - position);
    if (there <= 0) return file.read(position, length);
    const elsewhere = this.#misread(file, position, there);
    if (elsewhere !== undefined) return file.read(elsewhere, there);
    this.#damage(file, { position, length: there, fault: "read" });
    return file.read(position, there);
  }

  /** Write it, or some of it, or nothing, or elsewhere. Throws what the program is told. */
  write(file: FileNode, write: Write): void {
    const { position, bytes } = write;
    const { path } = file;
    if (bytes.length === 0) return;
    if (this.#strikes("ioErrorProbability")) {
      this.#writePart(file, write);
      throw this.#ioError(path);
    }
    const grows = position + bytes.length > file.content.length;
    if (grows && this.#strikes("diskFullProbability")) {
      this.#writePart(file, write);
      this.#count("disk full", path);
      throw diskFull(path);
    }
    if (this.#strikes("phantomWriteProbability")) this.#phantom(file, write);
    else if (this.#strikes("misdirectWriteProbability"))
      this.#misdirect(file, write);
    else file.write(position, bytes, write.stamp);
    this.#damage(file, { position, length: bytes.length, fault: "write" });
  }

  /** Make durable what was changed by calls up to that one. */
  sync(file: FileNode, stamp: number): void {
    if (!this.#strikes("syncFailureProbability")) {
      file.content.sync(stamp);
      return;
    }
    this.#count("failed sync", file.path);
    file.content.failSync(() => this.#random.bool());
    throw syncFailed(file.path);
  }

  /** Throw, if a folder cannot be synced. What it should have made durable is not lost: a later sync makes it so. */
  checkFolderSync(path: string): void {
    if (!this.#strikes("syncFailureProbability")) return;
    this.#count("failed sync", path);
    throw syncFailed(path);
  }

  /** How many of `count` bytes one call reads or writes. */
  share(count: number, path: string): number {
    if (count < 2 || !this.#strikes("shortOperationProbability")) return count;
    this.#count("short operation", path);
    return this.#random.range(1, count);
  }

  /** Where else in the file the device reads, if it does. The next read is right again. */
  #misread(
    file: FileNode,
    position: number,
    length: number,
  ): number | undefined {
    const { path, content } = file;
    const places = content.length - length;
    if (places === 0 || !this.#strikes("misdirectReadProbability"))
      return undefined;
    const [from, to] = [sectorAt(position), sectorEnd(position, length)];
    if (!this.#claim(file, from, to)) return undefined;
    this.#unclaim(file, from, to);
    this.#count("misdirected read", path);
    return this.#random.below(places + 1);
  }

  /** The beginning of it is written, up to some byte. */
  #writePart(file: FileNode, { position, bytes, stamp }: Write): void {
    const part = bytes.subarray(0, this.#random.below(bytes.length + 1));
    file.write(position, part, stamp);
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
    const sectors = sectorEnd(0, file.content.length);
    const other = this.#random.below(Math.max(1, sectors - (to - from) + 1));
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

  /** Each sector has its own luck. */
  #damage(
    file: FileNode,
    range: { position: number; length: number; fault: "read" | "write" },
  ): void {
    const { position, length, fault } = range;
    const odds = `${fault}FaultProbability` as const;
    if ((this.#odds?.[odds] ?? 0) === 0) return;
    const end = sectorEnd(position, length);
    for (let sector = sectorAt(position); sector < end; sector += 1) {
      if (!this.#strikes(odds)) continue;
      const bit = this.#random.below(SECTOR_SIZE * 8);
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

  #strikes(odds: keyof DiskOdds): boolean {
    const probability = this.#odds?.[odds] ?? 0;
    return probability > 0 && this.#random.bool(probability);
  }

  #count(fault: string, path: string): void {
    this.#log.count(fault, this.#ip, path);
  }

  #ioError(path: string): StorageError<"io"> {
    this.#count("I/O error", path);
    return new StorageError("io", `${path}: the device failed`, { path });
  }
}

/** There is no room for it. */
export function diskFull(path: string): StorageError<"disk_full"> {
  return new StorageError("disk_full", `${path}: the disk is full`, { path });
}

function syncFailed(path: string): StorageError<"io"> {
  const message = `${path}: the sync failed; what it should have written may be lost, whatever a later one says`;
  return new StorageError("io", message, { path });
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
