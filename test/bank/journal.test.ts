/** The journal over a simulated disk: what it holds after a restart, and what it cuts off. */
import { create } from "@bufbuild/protobuf";
import test from "ava";

import { Journal } from "../../examples/bank/journal.ts";
import {
  JournalEntrySchema,
  type JournalEntry,
} from "../../gen/bank/v1/bank_pb.ts";
import { OpenOptions, type StorageProvider } from "../../src/core/index.ts";
import { onMachine, type Machine } from "./support.ts";

const path = "journal";
const entries: JournalEntry[] = [1, 2, 3].map((position) =>
  create(JournalEntrySchema, {
    position,
    requestId: `r${position}`,
    from: "a",
    to: "b",
    cents: BigInt(position),
  }),
);

/** Write entries, and tell where each of them ends. */
async function write(
  storage: StorageProvider,
  written: readonly JournalEntry[] = entries,
): Promise<number[]> {
  const { journal } = await Journal.open(storage, path);
  const ends: number[] = [];
  for (const entry of written) {
    await journal.append(entry);
    await journal.sync();
    ends.push((await bytesOf(storage)).length);
  }
  await journal.close();
  return ends;
}

/** Open the journal and close it again. */
async function read(storage: StorageProvider): Promise<JournalEntry[]> {
  const { journal, entries: found } = await Journal.open(storage, path);
  await journal.close();
  return found;
}

async function bytesOf(storage: StorageProvider): Promise<Uint8Array> {
  await using file = await storage.open(path, OpenOptions.readOnly);
  return await file.readAt(0, await file.size());
}

async function replaceBytes(
  storage: StorageProvider,
  bytes: Uint8Array,
): Promise<void> {
  await using file = await storage.open(path, OpenOptions.createWrite);
  await file.append(bytes);
}

/** Damage the bytes of three entries, open the journal, and write one entry more. */
async function damaged(
  machine: Machine,
  damage: (bytes: Uint8Array, ends: number[]) => Uint8Array,
): Promise<JournalEntry[]> {
  const { storage } = machine.providers;
  await replaceBytes(storage, new Uint8Array(0));
  const ends = await write(storage);
  await replaceBytes(storage, damage(await bytesOf(storage), ends));
  const found = await read(storage);
  const more = create(JournalEntrySchema, {
    position: 9,
    requestId: "r9",
    from: "a",
    to: "b",
    cents: 9n,
  });
  await write(storage, [more]);
  const after = await read(storage);
  if (after.length !== found.length + 1 || after.at(-1)?.position !== 9)
    throw new Error("the journal is of no use any more");
  return found;
}

test.serial("Journal starts empty, and is empty when it is opened again", (t) =>
  onMachine(async ({ providers: { storage } }) => {
    t.deepEqual(await read(storage), []);
    t.deepEqual(await read(storage), []);
    t.is((await bytesOf(storage)).length, 0);
  }),
);

test.serial("Journal holds what was appended, in order", (t) =>
  onMachine(async ({ providers: { storage } }) => {
    await write(storage);
    t.deepEqual(await read(storage), entries);
    await write(storage);
    t.deepEqual(await read(storage), [...entries, ...entries]);
  }),
);

test.serial(
  "Journal keeps through a loss of power what was synced, and only that",
  (t) =>
    onMachine(async (machine) => {
      await write(machine.providers.storage);
      const { journal } = await Journal.open(machine.providers.storage, path);
      await journal.append(create(JournalEntrySchema, { position: 4 }));
      await machine.powerCut();
      t.deepEqual(await read(machine.providers.storage), entries);
    }),
);

test.serial(
  "Journal cuts off an entry that is not whole, wherever it is torn, and can be written again",
  (t) =>
    onMachine(async (machine) => {
      await write(machine.providers.storage);
      const size = (await bytesOf(machine.providers.storage)).length / 3;
      for (let missing = 1; missing < size; missing += 1) {
        const found = await damaged(machine, (bytes) =>
          bytes.subarray(0, bytes.length - missing),
        );
        t.deepEqual(found, entries.slice(0, 2), `${missing} bytes missing`);
      }
    }),
);

test.serial("Journal cuts off an entry of which any one bit is wrong", (t) =>
  onMachine(async (machine) => {
    const size = (await write(machine.providers.storage))[0] as number;
    for (let bit = 0; bit < size * 8; bit += 1) {
      const found = await damaged(machine, (bytes, [, start = 0]) => {
        bytes[start + (bit >> 3)] =
          (bytes[start + (bit >> 3)] as number) ^ (1 << (bit & 7));
        return bytes;
      });
      t.deepEqual(found, entries.slice(0, 2), `bit ${bit}`);
    }
  }),
);

test.serial(
  "Journal takes no zeros for entries, which a disk may leave where a write was lost",
  (t) =>
    onMachine(async (machine) => {
      for (const zeros of [1, 7, 8, 16, 100]) {
        const found = await damaged(machine, (bytes, [, end = 0]) => {
          const torn = new Uint8Array(end + zeros);
          torn.set(bytes.subarray(0, end));
          return torn;
        });
        t.deepEqual(found, entries.slice(0, 2), `${zeros} zeros`);
      }
    }),
);

test.serial("Journal makes nothing of a file that never was one", (t) =>
  onMachine(async (machine) => {
    const found = await damaged(machine, () =>
      Uint8Array.from({ length: 300 }, (_, at) => (at * 37) & 0xff),
    );
    t.deepEqual(found, []);
  }),
);
