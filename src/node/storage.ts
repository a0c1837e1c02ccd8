/** Files below one folder of this machine. */
import { constants } from "node:fs";
import { type FileHandle, open, rename, stat, unlink } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";

import {
  checkStoragePath,
  type OpenOptions,
  type StorageFile,
  type StorageProvider,
} from "../core/index.ts";
import { DurableFolders } from "./durable-folders.ts";
import { fileIdentity, SharedFiles } from "./shared-files.ts";
import { notAFileError, storageError, translated } from "./storage-error.ts";
import { NodeStorageFile } from "./storage-file.ts";

/**
 * Storage in a folder of its own. The folders on the way to a file are made
 * when the file is, and are never removed.
 */
export class NodeStorageProvider implements StorageProvider {
  readonly #root: string;
  readonly #folders: DurableFolders;
  readonly #files = new SharedFiles();

  /** `folder` is relative to the working directory of now, not of later. */
  constructor(folder: string) {
    this.#root = resolve(folder);
    this.#folders = new DurableFolders(this.#root);
  }

  async open(path: string, options: OpenOptions): Promise<StorageFile> {
    const real = this.#resolve(path);
    const handle = await translated(path, this.#openHandle(real, options));
    const identity = await translated(path, fileIdentity(handle));
    if (identity === undefined) {
      await handle.close();
      throw notAFileError(path);
    }
    this.#folders.use(dirname(real));
    const shared = this.#files.acquire(identity);
    const parts = { path, options, handle, ...shared, folders: this.#folders };
    return new NodeStorageFile(parts);
  }

  async exists(path: string): Promise<boolean> {
    const real = this.#resolve(path);
    try {
      return (await stat(real)).isFile();
    } catch (cause) {
      const error = storageError(path, cause);
      if (error.code === "not_found" || error.code === "bad_path") return false;
      throw error;
    }
  }

  async delete(path: string): Promise<void> {
    const real = this.#resolve(path);
    await translated(path, unlink(real));
    this.#folders.mark(dirname(real));
  }

  async rename(from: string, to: string): Promise<void> {
    const realFrom = this.#resolve(from);
    const realTo = this.#resolve(to);
    await translated(from, stat(realFrom));
    await translated(to, this.#folders.ensure(dirname(realTo)));
    await translated(from, rename(realFrom, realTo));
    this.#folders.mark(dirname(realFrom));
    this.#folders.mark(dirname(realTo));
  }

  /** The real path. Throws `bad_path` for what could lead out of the folder. */
  #resolve(path: string): string {
    checkStoragePath(path);
    return join(this.#root, path);
  }

  /** Only a name that is really new costs a sync of its folder. */
  async #openHandle(real: string, options: OpenOptions): Promise<FileHandle> {
    const flags = openFlags(options);
    if (options.createNew !== true) {
      try {
        return await open(real, flags);
      } catch (error) {
        if (options.create !== true || !isMissing(error)) throw error;
      }
    }
    const { O_CREAT, O_EXCL } = constants;
    const creation = options.createNew === true ? O_CREAT | O_EXCL : O_CREAT;
    await this.#folders.ensure(dirname(real));
    const handle = await open(real, flags | creation);
    this.#folders.mark(dirname(real));
    return handle;
  }
}

/** Emptying a file takes the system's right to write, whatever the handle may. */
function openFlags(options: OpenOptions): number {
  const { O_RDONLY, O_RDWR, O_TRUNC, O_WRONLY } = constants;
  const truncation = options.truncate === true ? O_TRUNC : 0;
  if (options.write !== true && options.truncate !== true) return O_RDONLY;
  return truncation | (options.read === true ? O_RDWR : O_WRONLY);
}

function isMissing(error: unknown): boolean {
  return (error as { code?: unknown }).code === "ENOENT";
}
