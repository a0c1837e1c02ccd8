/** Node's file errors in the words of the storage contract. */
import {
  StorageError,
  type StorageErrorCode,
  type StorageNeed,
} from "../core/index.ts";

/** What `cause`, from `node:fs`, means for the file that users call `path`. */
export function storageError(path: string, cause: unknown): StorageError {
  if (cause instanceof StorageError) return cause;
  const reason = (cause as { code?: unknown } | undefined)?.code;
  const code = codes.get(reason) ?? "io";
  const message = `${path}: ${texts[code] ?? "the device failed"} (${reason})`;
  return new StorageError(code, message, { path }, { cause });
}

/** The handle was closed before the call. */
export function closedFileError(path: string): StorageError {
  return new StorageError("closed", `${path} was closed on this handle`, {
    path,
  });
}

/** The handle lacks a right. */
export function rightError(path: string, needs: StorageNeed): StorageError {
  const text = `${path} was not opened to ${needs}: open it with { ${needs}: true }`;
  return new StorageError("not_permitted", text, { path, needs });
}

/** The path names a folder, a device or the like; or a file, where a folder is needed. */
export function notAFileError(
  path: string,
  wanted: "file" | "folder" = "file",
): StorageError {
  return new StorageError("bad_path", `${path} is no ${wanted}`, { path });
}

/** Await `work`, translating its failure. */
export async function translated<T>(
  path: string,
  work: Promise<T>,
): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw storageError(path, error);
  }
}

const codes: ReadonlyMap<unknown, StorageErrorCode> = new Map([
  ["ENOENT", "not_found"],
  ["EEXIST", "already_exists"],
  ["ENOSPC", "disk_full"],
  ["EDQUOT", "disk_full"],
  ["ENOTEMPTY", "not_empty"],
  ["EISDIR", "bad_path"],
  ["ENOTDIR", "bad_path"],
  ["ENAMETOOLONG", "bad_path"],
  ["ELOOP", "bad_path"],
]);

const texts: Readonly<Partial<Record<StorageErrorCode, string>>> = {
  not_found: "there is no such file",
  already_exists: "the file exists already",
  not_empty: "there is something in the folder",
  disk_full: "the disk is full",
  bad_path: "the path is no path of a file",
};
