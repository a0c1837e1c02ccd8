/** A journal of entries in one file: what was synced is there again after any crash. */
import { fromBinary, toBinary } from "@bufbuild/protobuf";
import { crc32c } from "@node-rs/crc32";
import {
  folderOf,
  OpenOptions,
  type StorageFile,
  type StorageProvider,
} from "wavetank";

import {
  JournalEntrySchema,
  type JournalEntry,
} from "../../gen/bank/v1/bank_pb.ts";

/** Before each entry: its length, and the checksum of its bytes. */
const headerSize = 8;

/**
 * Invariants
 * 1. Whatever failed is cut off before anything else is written: half an entry would take with it what follows, and
 *    what a failed sync has lost does not come back with the next one, which may well succeed.
 */
export class Journal {
  readonly #file: StorageFile;
  /** Where the last entry ends; and the last that is durable. */
  #end: number;
  #durableEnd: number;
  /** Whether anything failed since it was last known to end there. */
  #failed = false;

  private constructor(file: StorageFile, end: number) {
    this.#file = file;
    this.#end = end;
    this.#durableEnd = end;
  }

  /** Open the journal and read what it holds. Whatever follows the last whole entry was never acknowledged: cut it off. */
  static async open(
    storage: StorageProvider,
    path: string,
  ): Promise<{ journal: Journal; entries: JournalEntry[] }> {
    const file = await storage.open(path, OpenOptions.openOrCreate);
    // A crash takes away a file whose folder was not synced, however often the file itself was.
    await storage.syncDir(folderOf(path));
    const bytes = await file.readAt(0, await file.size());
    const { entries, end } = decodeAll(bytes);
    if (end < bytes.length) await file.setLen(end);
    // What was read may be in the cache only; what is built upon it must not outlive it.
    await file.sync();
    return { journal: new Journal(file, end), entries };
  }

  async append(entry: JournalEntry): Promise<void> {
    if (this.#failed) await this.#cutOff();
    const bytes = encode(entry);
    await this.#attempt(this.#file.append(bytes));
    this.#end += bytes.length;
  }

  /** When this resolves, everything appended before survives a loss of power. */
  async sync(): Promise<void> {
    const end = this.#end;
    await this.#attempt(this.#file.sync());
    this.#durableEnd = end;
  }

  close(): Promise<void> {
    return this.#file.close();
  }

  /** Back to what is durable for certain. */
  async #cutOff(): Promise<void> {
    this.#end = this.#durableEnd;
    await this.#file.setLen(this.#end);
    await this.#file.sync();
    this.#failed = false;
  }

  async #attempt(work: Promise<void>): Promise<void> {
    try {
      await work;
    } catch (error) {
      this.#failed = true;
      throw error;
    }
  }
}

function encode(entry: JournalEntry): Uint8Array {
  const body = toBinary(JournalEntrySchema, entry);
  const bytes = new Uint8Array(headerSize + body.length);
  const header = new DataView(bytes.buffer);
  header.setUint32(0, body.length);
  header.setUint32(4, crc32c(body));
  bytes.set(body, headerSize);
  return bytes;
}

function decodeAll(bytes: Uint8Array): {
  entries: JournalEntry[];
  end: number;
} {
  const entries: JournalEntry[] = [];
  const header = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let end = 0;
  while (end + headerSize <= bytes.length) {
    const length = header.getUint32(end);
    const body = bytes.subarray(end + headerSize, end + headerSize + length);
    // No entry is empty, but zeros, which a disk may leave where a write was lost, would pass for one.
    if (
      length === 0 ||
      body.length < length ||
      crc32c(body) !== header.getUint32(end + 4)
    )
      break;
    entries.push(fromBinary(JournalEntrySchema, body));
    end += headerSize + body.length;
  }
  return { entries, end };
}
