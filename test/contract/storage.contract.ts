/** What every file must do. */
import type { ExecutionContext } from "ava";

import {
  isStorageError,
  OpenOptions,
  type StorageErrorCode,
  type StorageNeed,
} from "../../src/core/index.ts";
import { type ContractTest, contractCases, type Harness } from "./contract.ts";
import { bytesOf, hash, textOf } from "./streams.ts";

const { createNewWrite, createWrite, openOrCreate, readOnly, readWrite } =
  OpenOptions;

export function storageContract(
  test: ContractTest,
  who: string,
  harness: Harness,
): void {
  const check = contractCases(test, `${who} storage`, harness);

  check("what was written is read back", async (t, { a }) => {
    const file = await a.storage.open("file", openOrCreate);
    await file.writeAt(0, bytesOf("hello world"));
    t.is(textOf(await file.readAt(0, 11)), "hello world");
    t.is(textOf(await file.readAt(6, 3)), "wor");
    t.is(file.path, "file");
    await file.close();
  });

  check("reads are plain byte arrays of their own", async (t, { a }) => {
    const file = await a.storage.open("file", openOrCreate);
    await file.writeAt(0, bytesOf("abc"));
    const first = await file.readAt(0, 3);
    t.is(Object.getPrototypeOf(first), Uint8Array.prototype);
    first.fill(0);
    t.is(textOf(await file.readAt(0, 3)), "abc");
    await file.close();
  });

  check("a read past the end is short, beyond it empty", async (t, { a }) => {
    const file = await a.storage.open("file", openOrCreate);
    await file.writeAt(0, bytesOf("12345"));
    t.is(textOf(await file.readAt(3, 100)), "45");
    t.is((await file.readAt(5, 10)).length, 0);
    t.is((await file.readAt(1_000, 10)).length, 0);
    t.is((await file.readAt(2, 0)).length, 0);
    await file.close();
  });

  check("readInto() fills what the caller brings", async (t, { a }) => {
    const file = await a.storage.open("file", openOrCreate);
    await file.writeAt(0, bytesOf("12345"));
    await file.setLen(8);
    const bytes = new Uint8Array(7).fill(0xff);
    t.is(await file.readInto(1, bytes.subarray(1, 4)), 3);
    t.deepEqual([...bytes], [0xff, ...bytesOf("234"), 0xff, 0xff, 0xff]);
    t.is(await file.readInto(4, bytes), 4);
    t.deepEqual([...bytes.subarray(0, 4)], [...bytesOf("5"), 0, 0, 0]);
    t.is(await file.readInto(8, bytes), 0);
    await file.setLen(20_000);
    t.is(await file.readInto(9_000, bytes.fill(0xff)), 7);
    t.deepEqual([...bytes], [0, 0, 0, 0, 0, 0, 0], "a hole is read, too");
    t.is(await file.readInto(0, new Uint8Array(0)), 0);
    await file.close();
  });

  check("a gap reads as zeros", async (t, { a }) => {
    const file = await a.storage.open("file", openOrCreate);
    await file.writeAt(4, bytesOf("x"));
    t.deepEqual([...(await file.readAt(0, 9))], [0, 0, 0, 0, 120]);
    t.is(await file.size(), 5);
    await file.close();
  });

  check("a write in the middle leaves its surroundings", async (t, { a }) => {
    const file = await a.storage.open("file", openOrCreate);
    await file.writeAt(0, bytesOf("aaaaaa"));
    await file.writeAt(2, bytesOf("BB"));
    t.is(textOf(await file.readAt(0, 9)), "aaBBaa");
    await file.close();
  });

  check("append() writes at the end", async (t, { a }) => {
    const file = await a.storage.open("file", openOrCreate);
    await file.append(bytesOf("one"));
    await file.append(bytesOf("two"));
    await file.append(new Uint8Array(0));
    await file.writeAt(0, bytesOf("O"));
    await file.append(bytesOf("three"));
    t.is(textOf(await file.readAt(0, 99)), "Onetwothree");
    await file.close();
  });

  check(
    "appends at the same time through two handles keep whole and in order",
    async (t, { a }) => {
      const first = await a.storage.open("log", openOrCreate);
      const second = await a.storage.open("log", openOrCreate);
      const names = Array.from({ length: 40 }, (_, index) => `<${index}>`);
      await Promise.all(
        names.map((name, index) =>
          (index % 2 === 0 ? first : second).append(bytesOf(name)),
        ),
      );
      const content = textOf(await first.readAt(0, 10_000)) ?? "";
      t.is(content.length, names.join("").length);
      for (const name of names) t.true(content.includes(name), name);
      await first.close();
      await second.close();
    },
  );

  check("two handles see each other's writes", async (t, { a }) => {
    const writer = await a.storage.open("file", openOrCreate);
    const reader = await a.storage.open("file", readOnly);
    await writer.writeAt(0, bytesOf("shared"));
    t.is(textOf(await reader.readAt(0, 6)), "shared");
    t.is(await reader.size(), 6);
    await writer.close();
    t.is(textOf(await reader.readAt(0, 6)), "shared");
    await reader.close();
  });

  check("setLen() cuts, and extends with zeros", async (t, { a }) => {
    const file = await a.storage.open("file", openOrCreate);
    await file.writeAt(0, bytesOf("123456"));
    await file.setLen(3);
    t.is(await file.size(), 3);
    await file.setLen(5);
    t.deepEqual([...(await file.readAt(0, 9))], [49, 50, 51, 0, 0]);
    await file.append(bytesOf("x"));
    t.is(await file.size(), 6);
    await file.close();
  });

  check(
    "sync() resolves, and data is there after reopening",
    async (t, { a }) => {
      const file = await a.storage.open("file", createNewWrite);
      await file.writeAt(0, bytesOf("durable"));
      await file.sync();
      await file.close();
      const again = await a.storage.open("file", readOnly);
      t.is(textOf(await again.readAt(0, 99)), "durable");
      await again.close();
    },
  );

  check("syncData() resolves, and data is there", async (t, { a }) => {
    const file = await a.storage.open("file", openOrCreate);
    await file.append(bytesOf("durable"));
    await file.syncData();
    t.is(textOf(await file.readAt(0, 99)), "durable");
    await file.close();
  });

  check("large files are written and read whole", async (t, { a }) => {
    const bytes = a.random.bytes(3_000_000);
    const file = await a.storage.open("large", openOrCreate);
    await file.writeAt(0, bytes);
    t.deepEqual(hash(await file.readAt(0, 4_000_000)), hash(bytes));
    await file.close();
  });

  check("a handle has the rights it was opened with", async (t, { a }) => {
    const writer = await a.storage.open("file", createWrite);
    await writer.append(bytesOf("content"));
    await needs(t, "read", () => writer.readAt(0, 1));
    await needs(t, "read", () => writer.readInto(0, new Uint8Array(1)));
    const reader = await a.storage.open("file", readOnly);
    await needs(t, "write", () => reader.writeAt(0, bytesOf("x")));
    await needs(t, "append", () => reader.append(bytesOf("x")));
    await needs(t, "append", () => reader.write(bytesOf("x")));
    await needs(t, "write", () => reader.setLen(0));
    t.is(textOf(await reader.readAt(0, 99)), "content");
    await writer.close();
    await reader.close();
  });

  check(
    "a closed handle rejects, close() twice is harmless",
    async (t, { a }) => {
      const file = await a.storage.open("file", openOrCreate);
      await file.close();
      await file.close();
      const calls: (() => Promise<unknown>)[] = [
        () => file.readAt(0, 1),
        () => file.writeAt(0, bytesOf("x")),
        () => file.append(bytesOf("x")),
        () => file.setLen(0),
        () => file.size(),
        () => file.sync(),
        () => file.syncData(),
        () => file.read(1),
        () => file.write(bytesOf("x")),
      ];
      for (const call of calls) await fails(t, "closed", call);
    },
  );

  check(
    "close() does not lose writes that nobody awaited",
    async (t, { a }) => {
      const file = await a.storage.open("file", openOrCreate);
      const appending = file.append(bytesOf("pending"));
      await Promise.all([file.close(), appending]);
      const again = await a.storage.open("file", readWrite);
      t.is(textOf(await again.readAt(0, 99)), "pending");
      await again.close();
    },
  );

  check(
    "positions and lengths must be whole numbers, 0 or more",
    async (t, { a }) => {
      const file = await a.storage.open("file", openOrCreate);
      const refused = { instanceOf: RangeError };
      for (const value of [-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY]) {
        t.throws(() => void file.readAt(value, 1), refused);
        t.throws(() => void file.readAt(0, value), refused);
        t.throws(() => void file.writeAt(value, bytesOf("x")), refused);
        t.throws(() => void file.setLen(value), refused);
        t.throws(() => void file.read(value), refused);
        t.throws(() => void file.seek(value), refused);
      }
      await file.close();
    },
  );
}

/** Await a failure with this code. */
export async function fails(
  t: ExecutionContext,
  code: StorageErrorCode,
  work: () => Promise<unknown>,
): Promise<void> {
  const error = await t.throwsAsync(async () => work());
  t.true(isStorageError(error, code), `expected ${code}: ${String(error)}`);
}

/** Await a refusal that names the right that is missing. */
export async function needs(
  t: ExecutionContext,
  right: StorageNeed,
  work: () => Promise<unknown>,
): Promise<void> {
  const error = await t.throwsAsync(async () => work());
  if (!isStorageError(error, "not_permitted"))
    return t.fail(`expected not_permitted: ${String(error)}`);
  t.is(error.details.needs, right);
}
