/** A write-ahead log: what it acknowledged is there again after any crash, and nothing that nobody wrote. */
import {
  folderOf,
  OpenOptions,
  type StorageFile,
  type StorageProvider,
} from "wavetank/core";

import { decodeRecords, encodeRecord, type LogRecord } from "./record.ts";

/** Three mistakes that logs are born with. Tests plant them, to see that the simulation finds them. */
export interface Mistakes {
  readonly acknowledgesBeforeSync?: boolean;
  readonly forgetsFolderSync?: boolean;
  readonly trustsWhatItReads?: boolean;
}

const folder = "wal";
const segmentBytesMax = 4_096;

/**
 * A folder of segments, each a file of records.
 *
 * Invariants
 * 1. Whoever is told that a record is written finds it after any crash: its bytes were synced, and its segment's name.
 * 2. A segment is never written to after a crash or a failure: the next one begins where its last whole record ends, so
 *    that what is torn needs no repair.
 * 3. After a failure the log is of no use: what of the last batch is on the disk is known only to who opens it again.
 */
export class WriteAheadLog {
  readonly records: LogRecord[] = [];
  readonly #storage: StorageProvider;
  readonly #mistakes: Mistakes;
  #segment: StorageFile | undefined;
  #segmentBytes = 0;
  #segments = 0;

  private constructor(storage: StorageProvider, mistakes: Mistakes) {
    this.#storage = storage;
    this.#mistakes = mistakes;
  }

  /** Open the log, and read what it holds. */
  static async open(
    storage: StorageProvider,
    mistakes: Mistakes = {},
  ): Promise<WriteAheadLog> {
    const log = new WriteAheadLog(storage, mistakes);
    await storage.mkdir(folder);
    await storage.syncDir(folderOf(folder));
    for (const name of await storage.readdir(folder)) await log.#read(name);
    return log;
  }

  /** Write records, all of them or after a crash the first few. Resolves when they are durable. One batch at a time. */
  async append(texts: readonly string[]): Promise<void> {
    const records = texts.map((text, index) => ({
      number: this.records.length + 1 + index,
      text,
    }));
    const segment = await this.#segmentToWrite();
    for (const record of records) {
      const bytes = encodeRecord(record);
      await segment.append(bytes);
      this.#segmentBytes += bytes.length;
    }
    if (this.#mistakes.acknowledgesBeforeSync !== true) await segment.sync();
    this.records.push(...records);
  }

  async close(): Promise<void> {
    await this.#segment?.close();
  }

  async #read(name: string): Promise<void> {
    const path = `${folder}/${name}`;
    await using file = await this.#storage.open(path, OpenOptions.readOnly);
    const bytes = await file.readAt(0, await file.size());
    // What was read may be in the cache only; what is built upon it must not outlive it.
    await file.sync();
    const trusting = this.#mistakes.trustsWhatItReads === true;
    const next = this.records.length + 1;
    this.records.push(...decodeRecords(bytes, next, trusting));
    this.#segments = Number(name);
  }

  async #segmentToWrite(): Promise<StorageFile> {
    if (this.#segment !== undefined && this.#segmentBytes < segmentBytesMax)
      return this.#segment;
    await this.#segment?.close();
    this.#segments += 1;
    const name = String(this.#segments).padStart(8, "0");
    const path = `${folder}/${name}`;
    this.#segment = await this.#storage.open(path, OpenOptions.createNewWrite);
    this.#segmentBytes = 0;
    if (this.#mistakes.forgetsFolderSync !== true)
      await this.#storage.syncDir(folder);
    return this.#segment;
  }
}
