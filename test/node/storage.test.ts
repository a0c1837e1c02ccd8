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

test("NodeStorageProvider makes its folder when it is first needed, not before", async (t) => {
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

test("NodeStorageProvider says how its own folder is called", async (t) => {
  await withFolder(async (folder) => {
    const storage = new NodeStorageProvider(folder);
    await t.throwsAsync(storage.syncDir("."), {
      message: /write names joined by \/, or "" for the storage's own folder$/,
    });
  });
});

test("NodeStorageProvider makes no folder for a file that is only looked for", async (t) => {
  await withFolder(async (folder) => {
    const storage = new NodeStorageProvider(join(folder, "data"));
    const looking = storage.open("file", OpenOptions.readOnly);
    await failsWith(t, "not_found", looking);
    await t.throwsAsync(stat(join(folder, "data")), { code: "ENOENT" });
    t.deepEqual(await storage.readdir(), []);
    await storage.syncDir();
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
      await storage.syncDir();
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
