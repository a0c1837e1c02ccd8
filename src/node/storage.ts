/** Files below one folder of this machine. */
import { constants } from "node:fs";
import {
  mkdir,
  open,
  readdir,
  rename,
  rmdir,
  stat,
  unlink,
} from "node:fs/promises";
import { join, resolve } from "node:path";

import {
  checkFolderPath,
  checkStoragePath,
  type OpenOptions,
  type StorageFile,
  type StorageProvider,
} from "../core/index.ts";
import { fileIdentity, SharedFiles } from "./shared-files.ts";
import { notAFileError, storageError, translated } from "./storage-error.ts";
import { NodeStorageFile } from "./storage-file.ts";
import { StorageRoot, syncFolder } from "./storage-root.ts";

/** Storage in a folder of its own, which is made when it is first needed. */
export class NodeStorageProvider implements StorageProvider {
  readonly #root: StorageRoot;
  readonly #files = new SharedFiles();

  /** `folder` is relative to the working directory of now, not of later. */
  constructor(folder: string) {
    this.#root = new StorageRoot(resolve(folder));
  }

  async open(path: string, options: OpenOptions): Promise<StorageFile> {
    const real = this.#resolve(path);
    if (options.create === true || options.createNew === true)
      await translated(path, this.#root.ensure());
    const handle = await translated(path, open(real, openFlags(options)));
    const identity = await translated(path, fileIdentity(handle));
    if (identity === undefined) {
      await handle.close();
      throw notAFileError(path);
    }
    const shared = this.#files.acquire(identity);
    return new NodeStorageFile({ path, options, handle, ...shared });
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
    await this.#checkFile(path, real);
    await translated(path, unlink(real));
  }

  async rename(from: string, to: string): Promise<void> {
    const realFrom = this.#resolve(from);
    const realTo = this.#resolve(to);
    await this.#checkFile(from, realFrom);
    await translated(to, rename(realFrom, realTo));
  }

  async mkdir(path: string): Promise<void> {
    const real = this.#resolve(path);
    await translated(path, this.#root.ensure());
    await translated(path, mkdir(real, { recursive: true }));
  }

  async rmdir(path: string): Promise<void> {
    await translated(path, rmdir(this.#resolve(path)));
  }

  async readdir(path: string = ""): Promise<readonly string[]> {
    checkFolderPath(path);
    await translated(path, this.#root.ensure());
    const names = await translated(path, readdir(join(this.#root.path, path)));
    return names.sort();
  }

  async syncDir(path: string = ""): Promise<void> {
    checkFolderPath(path);
    await translated(path, this.#root.ensure());
    const real = join(this.#root.path, path);
    if (!(await translated(path, stat(real))).isDirectory())
      throw notAFileError(path, "folder");
    await translated(path, syncFolder(real));
  }

  /** The real path. Throws `bad_path` for what could lead out of the folder. */
  #resolve(path: string): string {
    checkStoragePath(path);
    return join(this.#root.path, path);
  }

  async #checkFile(path: string, real: string): Promise<void> {
    const found = await translated(path, stat(real));
    if (!found.isFile()) throw notAFileError(path);
  }
}

/** Emptying a file takes the system's right to write, whatever the handle may. */
function openFlags(options: OpenOptions): number {
  const { O_CREAT, O_EXCL, O_RDONLY, O_RDWR, O_TRUNC, O_WRONLY } = constants;
  let flags = O_RDONLY;
  if (mayWrite(options)) flags = options.read === true ? O_RDWR : O_WRONLY;
  if (options.truncate === true) flags |= O_TRUNC;
  if (options.create === true) flags |= O_CREAT;
  if (options.createNew === true) flags |= O_CREAT | O_EXCL;
  return flags;
}

function mayWrite({ write, append, truncate }: OpenOptions): boolean {
  return write === true || append === true || truncate === true;
}
