/** An open file. */
import type { FileHandle } from "node:fs/promises";

import type { OpenOptions, StorageFile } from "../core/index.ts";
import type { DurableFolders } from "./durable-folders.ts";
import { checkOffset, readFully, writeFully } from "./file-bytes.ts";
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
  readonly folders: DurableFolders;
}

/**
 * A file over a handle of `node:fs`.
 *
 * Invariants
 * 1. All changes of one file, through any handle of its provider, take place
 *    one after the other in the order of their calls; so `append` never tears.
 * 2. `sync` waits for every change that was called before it, and makes the
 *    file's name durable as well as its bytes.
 */
export class NodeStorageFile implements StorageFile {
  readonly path: string;
  readonly #parts: NodeStorageFileParts;
  #closing: Promise<void> | undefined;

  constructor(parts: NodeStorageFileParts) {
    this.path = parts.path;
    this.#parts = parts;
  }

  readAt(position: number, length: number): Promise<Uint8Array> {
    checkOffset("position", position);
    checkOffset("length", length);
    return this.#use("read", (handle) => readFully(handle, position, length));
  }

  writeAt(position: number, bytes: Uint8Array): Promise<void> {
    checkOffset("position", position);
    return this.#change((handle) => writeFully(handle, position, bytes));
  }

  append(bytes: Uint8Array): Promise<void> {
    return this.#change(async (handle) => {
      const { size } = await handle.stat();
      await writeFully(handle, size, bytes);
    });
  }

  sync(): Promise<void> {
    return this.#use(undefined, async (handle) => {
      await this.#parts.file.changes.idle();
      await handle.sync();
      await this.#parts.folders.sync();
    });
  }

  size(): Promise<number> {
    return this.#use(undefined, async (handle) => (await handle.stat()).size);
  }

  setLen(length: number): Promise<void> {
    checkOffset("length", length);
    return this.#change((handle) => handle.truncate(length));
  }

  /** Waits for the changes that are under way. Harmless when repeated. */
  close(): Promise<void> {
    this.#closing ??= translated(this.path, this.#close());
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #change(work: (handle: FileHandle) => Promise<void>): Promise<void> {
    const { changes } = this.#parts.file;
    return this.#use("write", (handle) => changes.run(() => work(handle)));
  }

  #use<T>(
    needs: "read" | "write" | undefined,
    work: (handle: FileHandle) => Promise<T>,
  ): Promise<T> {
    const { handle, options } = this.#parts;
    if (this.#closing !== undefined) {
      return Promise.reject(closedFileError(this.path));
    }
    if (needs !== undefined && options[needs] !== true) {
      return Promise.reject(rightError(this.path, needs));
    }
    return translated(this.path, work(handle));
  }

  async #close(): Promise<void> {
    const { file, handle, release } = this.#parts;
    await file.changes.idle();
    release();
    await handle.close();
  }
}
