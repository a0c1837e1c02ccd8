/** What every file must do for those who read and write it from front to back. */
import {
  OpenOptions,
  type StorageFile,
  type StorageProvider,
} from "../../src/core/index.ts";
import { concatBytes } from "../../src/base/bytes.ts";
import { type ContractTest, contractCases, type Harness } from "./contract.ts";
import { needs } from "./storage.contract.ts";
import { bytesOf, textOf } from "./streams.ts";

const { appendOrCreate, createWrite, openOrCreate, readOnly } = OpenOptions;

export function storageStreamContract(
  test: ContractTest,
  who: string,
  harness: Harness,
): void {
  const check = contractCases(test, `${who} storage stream`, harness);

  check("what was streamed in is streamed out", async (t, { a }) => {
    const file = await a.storage.open("file", openOrCreate);
    t.is(file.position, 0);
    await writeAll(file, "hello ");
    await writeAll(file, "world");
    t.is(file.position, 11);
    file.seek(0);
    t.is(await readAll(file), "hello world");
    t.is(file.position, 11);
    t.is((await file.read(5)).length, 0);
    await file.close();
  });

  check("a read yields something, and no more than asked", async (t, { a }) => {
    await put(a.storage, "0123456789");
    const file = await a.storage.open("file", readOnly);
    const first = await file.read(4);
    t.true(first.length >= 1 && first.length <= 4);
    t.is(file.position, first.length);
    t.is((await file.read(0)).length, 0);
    t.is(textOf(first)! + (await readAll(file)), "0123456789");
    await file.close();
  });

  check("each handle has a position of its own", async (t, { a }) => {
    await put(a.storage, "0123456789");
    const [first, second] = [
      await a.storage.open("file", readOnly),
      await a.storage.open("file", readOnly),
    ];
    first.seek(7);
    t.is(await readAll(first), "789");
    t.is(second.position, 0);
    t.is(await readAll(second), "0123456789");
    await first.close();
    await second.close();
  });

  check("positional calls leave the position alone", async (t, { a }) => {
    const file = await a.storage.open("file", openOrCreate);
    await file.writeAt(0, bytesOf("abc"));
    await file.append(bytesOf("def"));
    await file.readAt(2, 2);
    t.is(file.position, 0);
    await writeAll(file, "AB");
    t.is(textOf(await file.readAt(0, 99)), "ABcdef");
    await file.close();
  });

  check("a write behind the end leaves a hole of zeros", async (t, { a }) => {
    const file = await a.storage.open("file", openOrCreate);
    file.seek(3);
    await writeAll(file, "x");
    t.deepEqual([...(await file.readAt(0, 9))], [0, 0, 0, 120]);
    await file.close();
  });

  check("an appending handle writes at the end, always", async (t, { a }) => {
    await put(a.storage, "begin ");
    const log = await a.storage.open("file", appendOrCreate);
    const other = await a.storage.open("file", appendOrCreate);
    await writeAll(log, "one ");
    await writeAll(other, "two ");
    log.seek(0);
    await writeAll(log, "three");
    t.is(await get(a.storage), "begin one two three");
    t.is(log.position, 19);
    await log.close();
    await other.close();
  });

  check("an appending handle has no other right", async (t, { a }) => {
    const log = await a.storage.open("file", appendOrCreate);
    await needs(t, "write", () => log.writeAt(0, bytesOf("x")));
    await needs(t, "write", () => log.setLen(0));
    await needs(t, "read", () => log.read(1));
    await log.append(bytesOf("x"));
    t.is(await log.size(), 1);
    await log.close();
  });

  check("calls that nobody awaits in between keep order", async (t, { a }) => {
    const file = await a.storage.open("file", openOrCreate);
    const texts = Array.from({ length: 20 }, (_, index) => `<${index}>`);
    await Promise.all(texts.map((text) => file.append(bytesOf(text))));
    file.seek(0);
    const reads = texts.map(({ length }) => file.read(length));
    const chunks = await Promise.all(reads);
    t.is(textOf(concatBytes(chunks))! + (await readAll(file)), texts.join(""));
    await file.close();
  });
}

async function writeAll(file: StorageFile, text: string): Promise<void> {
  let rest = bytesOf(text);
  while (rest.length > 0) rest = rest.subarray(await file.write(rest));
}

async function readAll(file: StorageFile): Promise<string> {
  let text = "";
  for (;;) {
    const chunk = await file.read(64);
    if (chunk.length === 0) return text;
    text += textOf(chunk) ?? "";
  }
}

async function put(storage: StorageProvider, text: string): Promise<void> {
  const file = await storage.open("file", createWrite);
  await file.append(bytesOf(text));
  await file.close();
}

async function get(storage: StorageProvider): Promise<string> {
  const file = await storage.open("file", readOnly);
  const text = await readAll(file);
  await file.close();
  return text;
}
