/** An open file. */
import type { FileHandle } from "node:fs/promises";

import {
  mayDo,
  type OpenOptions,
  type StorageFile,
  type StorageNeed as Need,
} from "../core/index.ts";
import { checkOffset, readFully, writeFully } from "./file-bytes.ts";
import { Serial } from "./serial.ts";
import type { SharedFile } from "./shared-files.ts";
import { closedFileError, rightError, translated } from "./storage-error.ts";

/** What a handle is made of. */
export interface NodeStorageFileParts {
  readonly path: string;
  readonly options: OpenOptions;
  readonly handle: FileHandle;
  readonly file: SharedFile;
  /** Give the shared file back. */
  readonly release: () => void;
}

/**
 * A file over a handle of `node:fs`.
 *
 * Invariants
 * 1. All changes of one file, through any handle of its provider, take place
 *    one after the other in the order of their calls; so `append` never tears.
 * 2. `sync` waits for every change that was called before it.
 * 3. Streaming reads and writes of one handle take place one after the other.
 */
export class NodeStorageFile implements StorageFile {
  readonly path: string;
  readonly #parts: NodeStorageFileParts;
  readonly #streaming = new Serial();
  #position = 0;
  #closing: Promise<void> | undefined;

  constructor(parts: NodeStorageFileParts) {
    this.path = parts.path;
    this.#parts = parts;
  }

  get position(): number {
    return this.#position;
  }

  seek(position: number): void {
    checkOffset("position", position);
    this.#position = position;
  }

  read(lengthMax: number): Promise<Uint8Array> {
    checkOffset("length", lengthMax);
    return this.#use("read", (handle) =>
      this.#streaming.run(async () => {
        const buffer = new Uint8Array(lengthMax);
        const from = this.#position;
        const { bytesRead } = await handle.read(buffer, 0, lengthMax, from);
        this.#position = from + bytesRead;
        return buffer.subarray(0, bytesRead);
      }),
    );
  }

  write(bytes: Uint8Array): Promise<number> {
    const atEnd = this.#parts.options.append === true;
    const write = async (handle: FileHandle): Promise<number> => {
      const from = atEnd ? (await handle.stat()).size : this.#position;
      const { length } = bytes;
      const { bytesWritten } = await handle.write(bytes, 0, length, from);
      this.#position = from + bytesWritten;
      return bytesWritten;
    };
    return this.#change("append", (handle) =>
      this.#streaming.run(() => write(handle)),
    );
  }

  readAt(position: number, length: number): Promise<Uint8Array> {
    checkOffset("position", position);
    checkOffset("length", length);
    return this.#use("read", async (handle) => {
      const bytes = new Uint8Array(length);
      const filled = await readFully(handle, position, bytes);
      return filled === length ? bytes : bytes.subarray(0, filled);
    });
  }

  readInto(position: number, bytes: Uint8Array): Promise<number> {
    checkOffset("position", position);
    return this.#use("read", (handle) => readFully(handle, position, bytes));
  }

  writeAt(position: number, bytes: Uint8Array): Promise<void> {
    checkOffset("position", position);
    return this.#change("write", (handle) =>
      writeFully(handle, position, bytes),
    );
  }

  append(bytes: Uint8Array): Promise<void> {
    return this.#change("append", async (handle) => {
      const { size } = await handle.stat();
      await writeFully(handle, size, bytes);
    });
  }

  sync(): Promise<void> {
    return this.#use(undefined, async (handle) => {
      await this.#parts.file.changes.idle();
      await handle.sync();
    });
  }

  syncData(): Promise<void> {
    return this.#use(undefined, async (handle) => {
      await this.#parts.file.changes.idle();
      await handle.datasync();
    });
  }

  size(): Promise<number> {
    return this.#use(undefined, async (handle) => (await handle.stat()).size);
  }

  setLen(length: number): Promise<void> {
    checkOffset("length", length);
    return this.#change("write", (handle) => handle.truncate(length));
  }

  /** Waits for the changes that are under way. Harmless when repeated. */
  close(): Promise<void> {
    this.#closing ??= translated(this.path, this.#close());
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #change<T>(
    needs: "append" | "write",
    work: (handle: FileHandle) => Promise<T>,
  ): Promise<T> {
    const { changes } = this.#parts.file;
    return this.#use(needs, (handle) => changes.run(() => work(handle)));
  }

  #use<T>(
    needs: Need | undefined,
    work: (handle: FileHandle) => Promise<T>,
  ): Promise<T> {
    const { handle, options } = this.#parts;
    if (this.#closing !== undefined) {
      return Promise.reject(closedFileError(this.path));
    }
    if (needs !== undefined && !mayDo(options, needs))
      return Promise.reject(rightError(this.path, needs));
    return translated(this.path, work(handle));
  }

  async #close(): Promise<void> {
    const { file, handle, release } = this.#parts;
    await file.changes.idle();
    release();
    await handle.close();
  }
}
