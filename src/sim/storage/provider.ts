/** The disk as one simulated process sees it. */
import {
  checkFolderPath,
  checkStoragePath,
  StorageError,
  type OpenOptions,
  type StorageFile,
  type StorageProvider,
} from "../../core/index.ts";
import type { SimHandle } from "../handle.ts";
import type { Disk } from "./disk.ts";
import { SimStorageFile } from "./file.ts";
import { fileAt, type FileNode } from "./folder.ts";
import { nobody, operations, type OperationKind } from "./operation.ts";

export class SimStorageProvider implements StorageProvider {
  readonly #disk: Disk;
  readonly #handle: SimHandle;

  constructor(disk: Disk, handle: SimHandle) {
    this.#disk = disk;
    this.#handle = handle;
  }

  open(path: string, options: OpenOptions): Promise<StorageFile> {
    checkStoragePath(path);
    const { origins } = this.#handle.engine;
    const origin = origins?.here();
    return this.#perform(operations.open, path, () => {
      const file = this.#fileFor(path, options);
      if (options.truncate === true) file.setLen(0, 0);
      const parts = { disk: this.#disk, handle: this.#handle };
      const opened = new SimStorageFile({ ...parts, path, file, options });
      origins?.keep(opened, origin);
      return opened;
    });
  }

  exists(path: string): Promise<boolean> {
    checkStoragePath(path);
    return this.#perform(operations.exists, path, () => {
      try {
        fileAt(this.#disk.names.place(path));
        return true;
      } catch {
        return false; // There is nothing of that name, or no file.
      }
    });
  }

  delete(path: string): Promise<void> {
    checkStoragePath(path);
    const { names } = this.#disk;
    return this.#perform(operations.delete, path, () =>
      names.delete(names.place(path)),
    );
  }

  rename(from: string, to: string): Promise<void> {
    checkStoragePath(from);
    checkStoragePath(to);
    const { names } = this.#disk;
    return this.#perform(operations.rename, from, () =>
      names.rename(names.place(from), names.place(to)),
    );
  }

  mkdir(path: string): Promise<void> {
    checkStoragePath(path);
    const { names } = this.#disk;
    return this.#perform(operations.mkdir, path, () => names.mkdir(path));
  }

  rmdir(path: string): Promise<void> {
    checkStoragePath(path);
    const { names } = this.#disk;
    return this.#perform(operations.rmdir, path, () =>
      names.rmdir(names.place(path)),
    );
  }

  readdir(path: string = ""): Promise<readonly string[]> {
    const { names } = this.#disk;
    checkFolderPath(path);
    return this.#perform(operations.readdir, path, () =>
      [...names.folder(path).seen.keys()].sort(),
    );
  }

  syncDir(path: string = ""): Promise<void> {
    checkFolderPath(path);
    return this.#perform(operations.syncDir, path, () =>
      this.#syncFolder(path),
    );
  }

  #perform<T>(kind: OperationKind, path: string, work: () => T): Promise<T> {
    const { names, faults } = this.#disk;
    if (kind.order === "change") names.calls += 1;
    const stamp = names.calls;
    const stamped = (): T => {
      names.stamp = stamp;
      faults.check(path);
      return work();
    };
    return this.#disk.perform(this.#handle, {
      disk: this.#disk,
      kind,
      file: undefined,
      stamp,
      bytes: 0,
      work: stamped,
      place: -1,
      resolve: nobody,
      reject: nobody,
    });
  }

  #syncFolder(path: string): void {
    const { names, faults } = this.#disk;
    const folder = names.folder(path);
    faults.checkFolderSync(path);
    names.sync(folder, names.stamp);
  }

  #fileFor(path: string, options: OpenOptions): FileNode {
    const { names } = this.#disk;
    const place = names.place(path);
    if (place.folder.seen.has(place.name)) {
      if (options.createNew !== true) return fileAt(place);
      const message = `${path} exists already, and createNew was asked for`;
      throw new StorageError("already_exists", message, { path });
    }
    if (options.create === true || options.createNew === true)
      return names.create(place);
    return fileAt(place);
  }
}
