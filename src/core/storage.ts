/** Files that survive a crash, if they are treated as real disks demand. */
import { StorageError } from "./errors.ts";

/** What to do with an existing or a missing file, and what the handle may do. */
export interface OpenOptions {
  read?: boolean;
  write?: boolean;
  /** Create the file if it is missing. */
  create?: boolean;
  /** Create the file; it is an error if it exists. */
  createNew?: boolean;
  /** Empty the file. */
  truncate?: boolean;
}

/** The usual combinations. */
export const OpenOptions: {
  readonly readOnly: Readonly<OpenOptions>;
  readonly readWrite: Readonly<OpenOptions>;
  readonly openOrCreate: Readonly<OpenOptions>;
  readonly createWrite: Readonly<OpenOptions>;
  readonly createNewWrite: Readonly<OpenOptions>;
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
});

/** An open file. Reads and writes name their position; nothing is durable before `sync()` has resolved. */
export interface StorageFile extends AsyncDisposable {
  readonly path: string;
  /** Up to `length` bytes from `position`; fewer only at the end of the file. */
  readAt(position: number, length: number): Promise<Uint8Array>;
  /** Write all bytes, unchanged until it resolves, at `position`. A gap beyond the old end reads as zeros. */
  writeAt(position: number, bytes: Uint8Array): Promise<void>;
  /** Write all bytes at the end, wherever that is when the write takes place. */
  append(bytes: Uint8Array): Promise<void>;
  /** Resolve when everything written before the call, and the file's length, would survive a loss of power. */
  sync(): Promise<void>;
  /** Bytes in the file. */
  size(): Promise<number>;
  /** Cut the file, or extend it with zeros. */
  setLen(length: number): Promise<void>;
  close(): Promise<void>;
}

/** A process's own folder of files. Paths are relative, with `/` between names. */
export interface StorageProvider {
  open(path: string, options: OpenOptions): Promise<StorageFile>;
  exists(path: string): Promise<boolean>;
  delete(path: string): Promise<void>;
  /** Move a file; an existing file at `to` is replaced in one step. */
  rename(from: string, to: string): Promise<void>;
}

/** Refuse a path that is empty, absolute, or leaves its folder. Throws `StorageError` `bad_path`. */
export function checkStoragePath(path: string): void {
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
    `"${path}" is no path below a storage folder: write names joined by /`,
    { path },
  );
}
