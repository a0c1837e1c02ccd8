/** Storage that hands everything on to another, for tests that change a part of it. */
import type { StorageFile, StorageProvider } from "../src/core/index.ts";

/** The same file, but for some methods. */
export function forwardFile(
  file: StorageFile,
  changes: Partial<StorageFile> = {},
): StorageFile {
  return {
    path: file.path,
    get position() {
      return file.position;
    },
    readAt: (position, length) => file.readAt(position, length),
    readInto: (position, bytes) => file.readInto(position, bytes),
    writeAt: (position, bytes) => file.writeAt(position, bytes),
    append: (bytes) => file.append(bytes),
    read: (lengthMax) => file.read(lengthMax),
    write: (bytes) => file.write(bytes),
    seek: (position) => file.seek(position),
    sync: () => file.sync(),
    syncData: () => file.syncData(),
    size: () => file.size(),
    setLen: (length) => file.setLen(length),
    close: () => file.close(),
    [Symbol.asyncDispose]: () => file.close(),
    ...changes,
  };
}

/** The same storage, but that its files are `wrap`ped. */
export function forwardStorage(
  storage: StorageProvider,
  wrap: (file: StorageFile) => StorageFile,
): StorageProvider {
  return {
    open: async (path, options) => wrap(await storage.open(path, options)),
    exists: (path) => storage.exists(path),
    delete: (path) => storage.delete(path),
    rename: (from, to) => storage.rename(from, to),
    mkdir: (path) => storage.mkdir(path),
    rmdir: (path) => storage.rmdir(path),
    readdir: (path) => storage.readdir(path),
    syncDir: (path) => storage.syncDir(path),
  };
}
