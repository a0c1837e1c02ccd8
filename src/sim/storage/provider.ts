/** The disk as one simulated process sees it. */
import {
  checkStoragePath,
  StorageError,
  type OpenOptions,
  type StorageFile,
  type StorageProvider,
} from "../../core/index.ts";
import type { SimHandle } from "../handle.ts";
import type { Disk } from "./disk.ts";
import { SimStorageFile } from "./file.ts";
import type { FileImage } from "./file-image.ts";

export class SimStorageProvider implements StorageProvider {
  readonly #disk: Disk;
  readonly #handle: SimHandle;

  constructor(disk: Disk, handle: SimHandle) {
    this.#disk = disk;
    this.#handle = handle;
  }

  open(path: string, options: OpenOptions): Promise<StorageFile> {
    checkStoragePath(path);
    return this.#disk.perform(this.#handle, this.#disk.config.readMs, () => {
      const image = this.#imageFor(path, options);
      if (options.truncate === true) image.setLen(0);
      return new SimStorageFile(this.#disk, this.#handle, {
        path,
        image,
        rights: options,
      });
    });
  }

  exists(path: string): Promise<boolean> {
    checkStoragePath(path);
    return this.#disk.perform(
      this.#handle,
      this.#disk.config.readMs,
      () => this.#disk.file(path) !== undefined,
    );
  }

  delete(path: string): Promise<void> {
    checkStoragePath(path);
    return this.#disk.perform(this.#handle, this.#disk.config.writeMs, () => {
      if (!this.#disk.delete(path)) throw notFound(path);
    });
  }

  rename(from: string, to: string): Promise<void> {
    checkStoragePath(from);
    checkStoragePath(to);
    return this.#disk.perform(this.#handle, this.#disk.config.writeMs, () => {
      if (!this.#disk.rename(from, to)) throw notFound(from);
    });
  }

  #imageFor(path: string, options: OpenOptions): FileImage {
    const existing = this.#disk.file(path);
    if (existing !== undefined) {
      if (options.createNew !== true) return existing;
      throw new StorageError(
        "already_exists",
        `${path} exists already, and createNew was asked for`,
        { path },
      );
    }
    if (options.create === true || options.createNew === true)
      return this.#disk.create(path);
    throw notFound(path);
  }
}

function notFound(path: string): StorageError<"not_found"> {
  return new StorageError("not_found", `there is no file ${path}`, { path });
}
