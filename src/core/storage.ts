/** Files that survive a crash, if they are treated as real disks demand. */
import { StorageError } from "./errors.ts";

/** What to do with an existing or a missing file, and what the handle may do. */
export interface OpenOptions {
  read?: boolean;
  write?: boolean;
  /** Create the file if it is missing. Its folder must exist. */
  create?: boolean;
  /** Create the file; it is an error if it exists. */
  createNew?: boolean;
  /** Empty the file. */
  truncate?: boolean;
  /** Every `write()` goes to the end, wherever that is by then. Gives the right to `write()` and `append()`, not to write elsewhere. */
  append?: boolean;
}

/** The usual combinations. */
export const OpenOptions: {
  readonly readOnly: Readonly<OpenOptions>;
  readonly readWrite: Readonly<OpenOptions>;
  readonly openOrCreate: Readonly<OpenOptions>;
  readonly createWrite: Readonly<OpenOptions>;
  readonly createNewWrite: Readonly<OpenOptions>;
  readonly appendOrCreate: Readonly<OpenOptions>;
} = Object.freeze({
  /** An existing file, to read. */
  readOnly: Object.freeze({ read: true }),
  /** An existing file, to read and write. */
  readWrite: Object.freeze({ read: true, write: true }),
  /** Read and write, whether or not it exists. */
  openOrCreate: Object.freeze({ read: true, write: true, create: true }),
  /** An empty file to write, whatever was there. */
  createWrite: Object.freeze({ write: true, create: true, truncate: true }),
  /** A file that must not exist yet, to write. */
  createNewWrite: Object.freeze({ write: true, createNew: true }),
  /** Write at the end, whether or not it exists. */
  appendOrCreate: Object.freeze({ append: true, create: true }),
});

/**
 * An open file. Nothing written is durable before `sync()` has resolved, and then only the file's content and length
 * are: its name is, once the folder it was made in has been synced (`StorageProvider.syncDir`).
 *
 * Changes of one file take place in the order of their calls. When one fails, part of it may have taken place.
 */
export interface StorageFile extends AsyncDisposable {
  readonly path: string;
  /** Where the next `read()` or `write()` of this handle takes place: 0 at first. */
  readonly position: number;
  /**
   * Up to `length` bytes from `position`; fewer only at the end of the file. They are the caller's, and may lie within a
   * larger buffer: a `DataView` of them needs their `byteOffset` and `byteLength`.
   */
  readAt(position: number, length: number): Promise<Uint8Array>;
  /**
   * The same, into memory of the caller's, for those who read much: fill `bytes` from `position`. Resolves to how many it
   * filled; fewer than all only at the end of the file. What is in the rest of them is not defined.
   */
  readInto(position: number, bytes: Uint8Array): Promise<number>;
  /** Write all bytes, unchanged until it resolves, at `position`. A gap beyond the old end reads as zeros. */
  writeAt(position: number, bytes: Uint8Array): Promise<void>;
  /** Write all bytes at the end, wherever that is when the write takes place. */
  append(bytes: Uint8Array): Promise<void>;
  /** The next bytes, and go on behind them. At least one and at most `lengthMax`, often fewer; none at the end. */
  read(lengthMax: number): Promise<Uint8Array>;
  /** Write where this handle is, and go on behind it. Resolves to how many of the bytes were written: at least one, sometimes not all. */
  write(bytes: Uint8Array): Promise<number>;
  /** Let the next `read()` or `write()` take place there. */
  seek(position: number): void;
  /** Resolve when everything written before the call, and the file's length, would survive a loss of power. */
  sync(): Promise<void>;
  /** The same, but for what nobody needs to read the data back, such as times of change. */
  syncData(): Promise<void>;
  /** Bytes in the file. */
  size(): Promise<number>;
  /** Cut the file, or extend it with zeros. */
  setLen(length: number): Promise<void>;
  close(): Promise<void>;
}

/**
 * A process's own folder of files. Paths are relative, with `/` between names; the folder itself is `""`, for those
 * methods that speak of folders.
 *
 * What is created, renamed or deleted would survive a loss of power only after a `syncDir` of its folder.
 */
export interface StorageProvider {
  open(path: string, options: OpenOptions): Promise<StorageFile>;
  /** Whether there is a file of that name. A folder is no file. */
  exists(path: string): Promise<boolean>;
  /** Remove a file. Handles that are open go on working. */
  delete(path: string): Promise<void>;
  /** Move a file; an existing file at `to` is replaced in one step. Durable after a `syncDir` of the folder of `to`. */
  rename(from: string, to: string): Promise<void>;
  /** Make a folder, and those above it that are missing. No error if it exists. Each is an entry of the folder above it, to be synced there. */
  mkdir(path: string): Promise<void>;
  /** Remove a folder in which there is nothing. Throws `not_empty` if there is. Durable after a `syncDir` of the folder above it. */
  rmdir(path: string): Promise<void>;
  /** The names in a folder, of files and of folders, in the order of their code units. */
  readdir(path?: string): Promise<readonly string[]>;
  /** Resolve when everything created, renamed into or deleted from that folder before the call would survive a loss of power. */
  syncDir(path?: string): Promise<void>;
}

/** What a call needs to have been asked for when the file was opened. Whoever may write may append. */
export type StorageNeed = "read" | "write" | "append";

/** Whether a file opened like this may be used so. */
export function mayDo(options: OpenOptions, needs: StorageNeed): boolean {
  return (
    options[needs] === true || (needs === "append" && options.write === true)
  );
}

/** The folder of a path, as `syncDir` and `readdir` want it: `""` for the storage's own. */
export function folderOf(path: string): string {
  const slash = path.lastIndexOf("/");
  return slash === -1 ? "" : path.slice(0, slash);
}

/** Refuse what is no path of a folder. Throws `StorageError` `bad_path`. */
export function checkFolderPath(path: string): void {
  if (path === "") return;
  checkStoragePath(path, `${joined}, or "" for the storage's own folder`);
}

/** Refuse a path that is empty, absolute, or leaves its folder. Throws `StorageError` `bad_path`. */
export function checkStoragePath(path: string, remedy: string = joined): void {
  const names = path.split("/");
  if (
    names.every(
      (name) =>
        name !== "" &&
        name !== "." &&
        name !== ".." &&
        !name.includes("\0") &&
        !name.includes("\\"),
    )
  )
    return;
  throw new StorageError(
    "bad_path",
    `"${path}" is no path below a storage folder: ${remedy}`,
    { path },
  );
}

const joined = "write names joined by /";
