/** What goes wrong on a disk while it works. */
import { ByteArena } from "../../base/byte-arena.ts";
import { StorageError, type RandomProvider } from "../../core/index.ts";
import type { FaultLog } from "../fault-log.ts";
import { DiskLuck, type DiskOdds } from "./disk-odds.ts";
import type { DamageBook } from "./fault-atlas.ts";
import type { FileNode } from "./folder.ts";
import { SilentDamage, type Write } from "./silent-damage.ts";

export interface DiskFaultsParts {
  readonly ip: string;
  readonly random: RandomProvider;
  readonly log: FaultLog;
  readonly book: DamageBook;
}

/** Carries out reads, writes and syncs on a file, as well as the disk can. What cannot strike draws nothing. */
export class DiskFaults {
  readonly #ip: string;
  readonly #log: FaultLog;
  readonly #luck: DiskLuck;
  readonly #silent: SilentDamage;
  /** What is read, which belongs to the program; so pages are elsewhere. */
  readonly #results = new ByteArena();

  constructor({ ip, random, log, book }: DiskFaultsParts) {
    this.#ip = ip;
    this.#log = log;
    const luck = new DiskLuck(random);
    const count = (fault: string, path: string): void =>
      this.#count(fault, path);
    this.#luck = luck;
    this.#silent = new SilentDamage({ luck, book, count });
  }

  /** From now on, these faults; none if undefined. Returns those until now. */
  strike(odds: DiskOdds | undefined): DiskOdds | undefined {
    const before = this.#luck.odds;
    this.#luck.odds = odds;
    return before;
  }

  /** Throw, if the operation fails outright. */
  check(path: string): void {
    if (this.#luck.strikes("ioErrorProbability")) throw this.#ioError(path);
  }

  /** What is read there. */
  read(file: FileNode, position: number, length: number): Uint8Array {
    const bytes = this.#results.take(file.content.available(position, length));
    this.readInto(file, position, bytes);
    return bytes;
  }

  /** Read over all of `bytes`, which are within the file. */
  readInto(file: FileNode, position: number, bytes: Uint8Array): void {
    if (bytes.length > 0 && this.#luck.odds !== undefined)
      this.#silent.beforeRead(file, position, bytes.length);
    file.readInto(position, bytes);
  }

  /** Write it, or some of it, or nothing, or elsewhere. Throws what the program is told. */
  write(file: FileNode, write: Write): void {
    const { position, bytes, stamp } = write;
    const { path } = file;
    if (bytes.length === 0) return;
    if (this.#luck.odds === undefined) {
      file.write(position, bytes, stamp);
      return;
    }
    if (this.#luck.strikes("ioErrorProbability")) {
      this.#writePart(file, write);
      throw this.#ioError(path);
    }
    const grows = position + bytes.length > file.content.length;
    if (grows && this.#luck.strikes("diskFullProbability")) {
      this.#writePart(file, write);
      this.#count("disk full", path);
      throw diskFull(path);
    }
    this.#silent.write(file, write);
  }

  /** Make durable what was changed by calls up to that one. */
  sync(file: FileNode, stamp: number): void {
    if (!this.#luck.strikes("syncFailureProbability")) {
      file.content.sync(stamp);
      return;
    }
    this.#count("failed sync", file.path);
    file.content.failSync(() => this.#luck.random.bool());
    throw syncFailed(file.path);
  }

  /** Throw, if a folder cannot be synced. What it should have made durable is not lost: a later sync makes it so. */
  checkFolderSync(path: string): void {
    if (!this.#luck.strikes("syncFailureProbability")) return;
    this.#count("failed sync", path);
    throw syncFailed(path);
  }

  /** How many of `count` bytes one call reads or writes. */
  share(count: number, path: string): number {
    if (count < 2 || !this.#luck.strikes("shortOperationProbability"))
      return count;
    this.#count("short operation", path);
    return this.#luck.random.range(1, count);
  }

  /** The beginning of it is written, up to some byte. */
  #writePart(file: FileNode, { position, bytes, stamp }: Write): void {
    const part = bytes.subarray(0, this.#luck.random.below(bytes.length + 1));
    file.write(position, part, stamp);
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
