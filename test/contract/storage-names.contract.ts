/** What every storage must do with names: opening, renaming, deleting. */
import { OpenOptions } from "../../src/core/index.ts";
import type { StorageProvider } from "../../src/core/index.ts";
import { type ContractTest, contractCases, type Harness } from "./contract.ts";
import { fails } from "./storage.contract.ts";
import { bytesOf, textOf } from "./streams.ts";

const { createNewWrite, createWrite, openOrCreate, readOnly, readWrite } =
  OpenOptions;

export function storageNamesContract(
  test: ContractTest,
  who: string,
  harness: Harness,
): void {
  const check = contractCases(test, `${who} storage`, harness);

  check("a missing file is not found", async (t, { a }) => {
    await fails(t, "not_found", () => a.storage.open("missing", readOnly));
    await fails(t, "not_found", () => a.storage.open("missing", readWrite));
    await fails(t, "not_found", () =>
      a.storage.open("folder/missing", readOnly),
    );
    await fails(t, "not_found", () => a.storage.delete("missing"));
    await fails(t, "not_found", () => a.storage.rename("missing", "other"));
    t.false(await a.storage.exists("missing"));
    t.false(await a.storage.exists("other"));
  });

  check(
    "createNew on an existing file fails and leaves it alone",
    async (t, { a }) => {
      await put(a.storage, "file", "content");
      await fails(t, "already_exists", () =>
        a.storage.open("file", createNewWrite),
      );
      t.is(await get(a.storage, "file"), "content");
    },
  );

  check(
    "create keeps an existing file, truncate empties it",
    async (t, { a }) => {
      await put(a.storage, "file", "content");
      await (await a.storage.open("file", openOrCreate)).close();
      t.is(await get(a.storage, "file"), "content");
      await (await a.storage.open("file", createWrite)).close();
      t.is(await get(a.storage, "file"), "");
    },
  );

  check(
    "exists() tells of files, from the moment they are created",
    async (t, { a }) => {
      t.false(await a.storage.exists("file"));
      const file = await a.storage.open("file", createNewWrite);
      t.true(await a.storage.exists("file"));
      await file.close();
      await a.storage.delete("file");
      t.false(await a.storage.exists("file"));
    },
  );

  check("a file needs its folder", async (t, { a }) => {
    for (const options of [createWrite, createNewWrite, openOrCreate])
      await fails(t, "not_found", () => a.storage.open("deep/file", options));
    await put(a.storage, "file", "content");
    await fails(t, "bad_path", () => a.storage.open("file/below", createWrite));
    await fails(t, "not_found", () => a.storage.rename("file", "deep/file"));
    t.is(await get(a.storage, "file"), "content");
  });

  check("mkdir() makes the folders on the way, once", async (t, { a }) => {
    await a.storage.mkdir("deep/er");
    await a.storage.mkdir("deep/er");
    await a.storage.mkdir("deep");
    await put(a.storage, "deep/er/file", "content");
    t.true(await a.storage.exists("deep/er/file"));
    t.false(await a.storage.exists("deep/er"), "a folder is no file");
    t.is(await get(a.storage, "deep/er/file"), "content");
  });

  check("a file in the way of a folder is an error", async (t, { a }) => {
    await put(a.storage, "file", "content");
    await fails(t, "already_exists", () => a.storage.mkdir("file"));
    await fails(t, "bad_path", () => a.storage.mkdir("file/below"));
    await fails(t, "bad_path", () => a.storage.readdir("file"));
    await fails(t, "bad_path", () => a.storage.syncDir("file"));
  });

  check("a folder is no file", async (t, { a }) => {
    await a.storage.mkdir("folder");
    await put(a.storage, "file", "content");
    await fails(t, "bad_path", () => a.storage.open("folder", readOnly));
    await fails(t, "bad_path", () => a.storage.open("folder", openOrCreate));
    await fails(t, "bad_path", () => a.storage.delete("folder"));
    await fails(t, "bad_path", () => a.storage.rename("folder", "other"));
    await fails(t, "bad_path", () => a.storage.rename("file", "folder"));
    t.is(await get(a.storage, "file"), "content");
  });

  check("rmdir() removes an empty folder alone", async (t, { a }) => {
    await a.storage.mkdir("folder/inner");
    await put(a.storage, "file", "content");
    await fails(t, "not_empty", () => a.storage.rmdir("folder"));
    await fails(t, "bad_path", () => a.storage.rmdir("file"));
    await fails(t, "bad_path", () => a.storage.rmdir(""));
    await fails(t, "not_found", () => a.storage.rmdir("none"));
    await a.storage.rmdir("folder/inner");
    t.deepEqual(await a.storage.readdir("folder"), []);
    await put(a.storage, "folder/file", "content");
    await fails(t, "not_empty", () => a.storage.rmdir("folder"));
    await a.storage.delete("folder/file");
    await a.storage.rmdir("folder");
    await fails(t, "not_found", () => a.storage.readdir("folder"));
    t.deepEqual(await a.storage.readdir(), ["file"]);
  });

  check("readdir() names files and folders, in order", async (t, { a }) => {
    t.deepEqual(await a.storage.readdir(), []);
    await a.storage.mkdir("b/inner");
    for (const name of ["c", "a", "B", "a1"]) await put(a.storage, name, name);
    t.deepEqual(await a.storage.readdir(), ["B", "a", "a1", "b", "c"]);
    t.deepEqual(await a.storage.readdir("b"), ["inner"]);
    t.deepEqual(await a.storage.readdir("b/inner"), []);
    await a.storage.rename("a1", "b/moved");
    await a.storage.delete("c");
    t.deepEqual(await a.storage.readdir(""), ["B", "a", "b"]);
    t.deepEqual(await a.storage.readdir("b"), ["inner", "moved"]);
    await fails(t, "not_found", () => a.storage.readdir("none"));
  });

  check("syncDir() resolves for any folder there is", async (t, { a }) => {
    await a.storage.syncDir();
    await a.storage.mkdir("folder/inner");
    await put(a.storage, "folder/file", "content");
    await a.storage.syncDir("folder/inner");
    await a.storage.syncDir("folder");
    await a.storage.syncDir("");
    t.is(await get(a.storage, "folder/file"), "content");
    await fails(t, "not_found", () => a.storage.syncDir("none"));
  });

  check("rename() moves, also into another folder", async (t, { a }) => {
    await put(a.storage, "old", "content");
    await a.storage.mkdir("folder");
    await a.storage.rename("old", "folder/new");
    t.false(await a.storage.exists("old"));
    t.is(await get(a.storage, "folder/new"), "content");
  });

  check("rename() replaces what is there", async (t, { a }) => {
    await put(a.storage, "from", "new content");
    await put(a.storage, "to", "old content, longer than the new");
    await a.storage.rename("from", "to");
    t.is(await get(a.storage, "to"), "new content");
    t.false(await a.storage.exists("from"));
  });

  check("rename() to the same name changes nothing", async (t, { a }) => {
    await put(a.storage, "file", "content");
    await a.storage.rename("file", "file");
    t.is(await get(a.storage, "file"), "content");
  });

  check(
    "an open handle follows its file through rename()",
    async (t, { a }) => {
      const file = await a.storage.open("old", openOrCreate);
      await file.append(bytesOf("before "));
      await a.storage.rename("old", "new");
      await file.append(bytesOf("after"));
      await file.sync();
      await file.close();
      t.is(await get(a.storage, "new"), "before after");
    },
  );

  check(
    "an open handle of a deleted file still works, the name is free",
    async (t, { a }) => {
      const file = await a.storage.open("file", openOrCreate);
      await file.append(bytesOf("ghost"));
      await a.storage.delete("file");
      t.is(textOf(await file.readAt(0, 9)), "ghost");
      await put(a.storage, "file", "new");
      t.is(await get(a.storage, "file"), "new");
      t.is(textOf(await file.readAt(0, 9)), "ghost");
      await file.close();
    },
  );

  check("two processes do not share their files", async (t, { a, b }) => {
    await put(a.storage, "file", "of a");
    t.false(await b.storage.exists("file"));
  });

  for (const path of [
    "",
    "/",
    "/etc/passwd",
    "..",
    "../file",
    "a/../../file",
    "a//b",
    "a/",
    ".",
    "./a",
    "a\\b",
    "a\0b",
  ]) {
    check(`${JSON.stringify(path)} is a bad path`, async (t, { a }) => {
      await fails(t, "bad_path", () => a.storage.open(path, openOrCreate));
      await fails(t, "bad_path", () => a.storage.exists(path));
      await fails(t, "bad_path", () => a.storage.delete(path));
      await fails(t, "bad_path", () => a.storage.rename(path, "good"));
      await put(a.storage, "good", "content");
      await fails(t, "bad_path", () => a.storage.rename("good", path));
      await fails(t, "bad_path", () => a.storage.mkdir(path));
      if (path === "") return; // The storage's own folder, to those that speak of folders.
      await fails(t, "bad_path", () => a.storage.readdir(path));
      await fails(t, "bad_path", () => a.storage.syncDir(path));
    });
  }
}

async function put(
  storage: StorageProvider,
  path: string,
  content: string,
): Promise<void> {
  const file = await storage.open(path, createNewWrite);
  await file.append(bytesOf(content));
  await file.close();
}

async function get(
  storage: StorageProvider,
  path: string,
): Promise<string | undefined> {
  const file = await storage.open(path, readOnly);
  const content = textOf(await file.readAt(0, 1_000));
  await file.close();
  return content;
}
