/** What only real files have: folders, syncs of folders, errors of the system. */
import {
  mkdir,
  mkdtemp,
  readFile,
  rm,
  stat,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { type ExecutionContext } from "ava";

import { isStorageError, OpenOptions } from "../../src/core/index.ts";
import { DurableFolders } from "../../src/node/durable-folders.ts";
import { NodeStorageProvider } from "../../src/node/index.ts";
import { storageError } from "../../src/node/storage-error.ts";

async function withFolder(
  use: (folder: string) => Promise<void>,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "wavetank-storage-"));
  try {
    await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function failsWith(
  t: ExecutionContext,
  code: string,
  work: Promise<unknown>,
): Promise<void> {
  const error = await t.throwsAsync(work);
  t.true(isStorageError(error) && error.code === code, String(error));
}

test("NodeStorageProvider makes its folder with the first file, not before", async (t) => {
  await withFolder(async (folder) => {
    const storage = new NodeStorageProvider(join(folder, "deep", "data"));
    t.false(await storage.exists("file"));
    await t.throwsAsync(stat(join(folder, "deep")), { code: "ENOENT" });
    const file = await storage.open("file", OpenOptions.createWrite);
    await file.append(new TextEncoder().encode("content"));
    await file.sync();
    await file.close();
    t.is(
      await readFile(join(folder, "deep", "data", "file"), "utf8"),
      "content",
    );
  });
});

test("NodeStorageProvider says that a folder is no file", async (t) => {
  await withFolder(async (folder) => {
    const storage = new NodeStorageProvider(folder);
    await mkdir(join(folder, "sub"));
    await writeFile(join(folder, "file"), "content");
    t.false(await storage.exists("sub"));
    await failsWith(t, "bad_path", storage.open("sub", OpenOptions.readOnly));
    await failsWith(
      t,
      "bad_path",
      storage.open("sub", OpenOptions.openOrCreate),
    );
    await failsWith(
      t,
      "bad_path",
      storage.open("file/below", OpenOptions.readOnly),
    );
    t.false(await storage.exists("file/below"));
  });
});

test("NodeStorageProvider opens no handles that it does not close", async (t) => {
  await withFolder(async (folder) => {
    const storage = new NodeStorageProvider(folder);
    await mkdir(join(folder, "sub"));
    const before = process.getActiveResourcesInfo().length;
    for (let round = 0; round < 20; round += 1) {
      const file = await storage.open("file", OpenOptions.openOrCreate);
      await file.sync();
      await file.close();
      await storage.open("sub", OpenOptions.readOnly).catch(() => {});
    }
    t.true(process.getActiveResourcesInfo().length <= before + 1);
  });
});

const meanings = {
  ENOENT: "not_found",
  EEXIST: "already_exists",
  ENOSPC: "disk_full",
  EDQUOT: "disk_full",
  EISDIR: "bad_path",
  EIO: "io",
  EACCES: "io",
  EMFILE: "io",
} as const;

for (const [systemCode, code] of Object.entries(meanings)) {
  test(`storageError takes ${systemCode} for ${code} and keeps the cause`, (t) => {
    const cause = Object.assign(new Error("from the system"), {
      code: systemCode,
    });
    const error = storageError("some/file", cause);
    t.is(error.code, code);
    t.is(error.cause, cause);
    t.deepEqual(error.details as unknown, { path: "some/file" });
    t.true(error.message.includes(systemCode));
  });
}

/** Records instead of syncing. */
class SyncLog {
  readonly synced: string[] = [];
  failures = 0;

  readonly sync = async (folder: string): Promise<void> => {
    await Promise.resolve();
    if (this.failures > 0) {
      this.failures -= 1;
      throw new Error("device failed");
    }
    this.synced.push(folder);
  };
}

test("DurableFolders syncs a folder once for a file in it, with all above it", async (t) => {
  const log = new SyncLog();
  const folders = new DurableFolders("/data", log.sync);
  folders.use("/data/a/b");
  await folders.sync();
  t.deepEqual(log.synced.sort(), ["/data", "/data/a", "/data/a/b"]);
  folders.use("/data/a/b");
  await folders.sync();
  t.is(log.synced.length, 3);
});

test("DurableFolders syncs again after each change of a name", async (t) => {
  const log = new SyncLog();
  const folders = new DurableFolders("/data", log.sync);
  folders.mark("/data/a");
  await folders.sync();
  folders.mark("/data/a");
  folders.mark("/data/b");
  await folders.sync();
  t.deepEqual(log.synced, ["/data/a", "/data/a", "/data/b"]);
});

test("DurableFolders tries again what failed", async (t) => {
  const log = new SyncLog();
  log.failures = 1;
  const folders = new DurableFolders("/data", log.sync);
  folders.mark("/data");
  await t.throwsAsync(folders.sync(), { message: "device failed" });
  folders.use("/data");
  await folders.sync();
  t.deepEqual(log.synced, ["/data"]);
});

test("DurableFolders does not let a sync return before an earlier one has done its part", async (t) => {
  const log = new SyncLog();
  const folders = new DurableFolders("/data", log.sync);
  folders.mark("/data");
  const first = folders.sync();
  await folders.sync();
  t.deepEqual(log.synced, ["/data"]);
  await first;
});

test("DurableFolders marks the folders around what it made", async (t) => {
  await withFolder(async (folder) => {
    const log = new SyncLog();
    const folders = new DurableFolders(folder, log.sync);
    await folders.ensure(join(folder, "x", "y"));
    await folders.sync();
    t.deepEqual(log.synced.sort(), [folder, join(folder, "x")]);
  });
});
