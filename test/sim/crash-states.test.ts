/** Every state that a crash could leave: as many as a count by hand finds, and a right log recovers from each. */
import test from "ava";

import { WriteAheadLog } from "../../examples/wal/wal.ts";
import { OpenOptions, type StorageProvider } from "../../src/core/index.ts";
import {
  SECTOR_SIZE,
  type CrashStatesOptions,
  type DiskState,
} from "../../src/sim/index.ts";
import { ipA, worldOf } from "./support.ts";

/** All states after that work, as text. */
async function statesAfter(
  work: (storage: StorageProvider) => Promise<void>,
  options: CrashStatesOptions = {},
): Promise<DiskState[]> {
  const world = worldOf();
  await world.run(() => work(world.providers(ipA).storage));
  const states = [...world.disk(ipA).crashStates(options)];
  checkDistinct(states);
  return states;
}

/** No state comes twice. */
function checkDistinct(states: readonly DiskState[]): void {
  if (new Set(states.map(textOf)).size !== states.length)
    throw new Error("a state came twice");
}

function textOf(state: DiskState): string {
  return [...state].map(([path, bytes]) => `${path}=${hex(bytes)}`).join(" ");
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}

/** A write of these bytes over a copy of that. */
function written(old: Uint8Array, at: number, bytes: number[]): Uint8Array {
  const copy = new Uint8Array(Math.max(old.length, at + bytes.length));
  copy.set(old);
  copy.set(bytes, at);
  return copy;
}

/** Every way to choose one of each. */
function product<T>(choices: readonly (readonly T[])[]): T[][] {
  return choices.reduce<T[][]>(
    (all, some) => all.flatMap((begun) => some.map((one) => [...begun, one])),
    [[]],
  );
}

/** Old, new, and torn at any of the 511 places between two bytes. */
function torn(old: Uint8Array, fresh: Uint8Array): Uint8Array[] {
  return Array.from({ length: SECTOR_SIZE + 1 }, (_, at) =>
    Uint8Array.from(fresh, (byte, place) => (place < at ? byte : old[place]!)),
  );
}

test.serial("without unsynced work there is one state", async (t) => {
  const states = await statesAfter(async (storage) => {
    await using file = await storage.open("file", OpenOptions.openOrCreate);
    await file.append(Uint8Array.of(1, 2, 3));
    await file.sync();
    await storage.syncDir();
  });
  t.deepEqual(states.map(textOf), ["file=010203"]);
});

test.serial(
  "a folder is removed only with all that emptied it: nothing is lost on the way",
  async (t) => {
    const states = await statesAfter(async (storage) => {
      await storage.mkdir("folder");
      await using file = await storage.open(
        "folder/file",
        OpenOptions.openOrCreate,
      );
      await file.append(Uint8Array.of(1));
      await file.sync();
      await storage.syncDir("folder");
      await storage.syncDir();
      await storage.rename("folder/file", "moved");
      await storage.rmdir("folder");
    });
    t.deepEqual(states.map(textOf).sort(), ["folder/file=01", "moved=01"]);
  },
);

test.serial(
  "sectors written over and over: every combination of what they held",
  async (t) => {
    const writes: [at: number, bytes: number[]][] = [
      [0, [1]],
      [SECTOR_SIZE - 1, [2, 3]],
      [5, [4, 5]],
      [2 * SECTOR_SIZE + 7, [6]],
      [SECTOR_SIZE, [7]],
    ];
    const states = await statesAfter(async (storage) => {
      await using file = await storage.open("file", OpenOptions.openOrCreate);
      await file.writeAt(0, new Uint8Array(3 * SECTOR_SIZE));
      await file.sync();
      await storage.syncDir();
      for (const [at, bytes] of writes)
        await file.writeAt(at, Uint8Array.from(bytes));
    });
    t.deepEqual(states.map(textOf).sort(), byHand(writes).sort());
    t.is(states.length, 4 * 3 * 2);
  },
);

/** What each of three sectors held in the course of the writes, and all combinations of it. */
function byHand(writes: readonly [at: number, bytes: number[]][]): string[] {
  let whole: Uint8Array = new Uint8Array(3 * SECTOR_SIZE);
  const history = [whole];
  for (const [at, bytes] of writes)
    history.push((whole = written(whole, at, bytes)));
  const held = [0, 1, 2].map((sector) => [
    ...new Set(
      history.map((file) =>
        hex(file.subarray(sector * SECTOR_SIZE, (sector + 1) * SECTOR_SIZE)),
      ),
    ),
  ]);
  return product(held).map((sectors) => `file=${sectors.join("")}`);
}

test.serial("a torn sector: every place where it can be torn", async (t) => {
  const old = new Uint8Array(SECTOR_SIZE).fill(9);
  const bytes = [1, 9, 2, 3];
  const states = await statesAfter(
    async (storage) => {
      await using file = await storage.open("file", OpenOptions.openOrCreate);
      await file.writeAt(0, old);
      await file.sync();
      await storage.syncDir();
      await file.writeAt(100, Uint8Array.from(bytes));
    },
    { torn: true },
  );
  const expected = torn(old, written(old, 100, bytes)).map(hex);
  const distinct = new Set(expected.map((content) => `file=${content}`));
  t.deepEqual(states.map(textOf).sort(), [...distinct].sort());
  t.is(states.length, 4);
});

test.serial(
  "lengths: an append that is not synced is there, is not, or is a hole",
  async (t) => {
    const states = await statesAfter(async (storage) => {
      await using file = await storage.open("file", OpenOptions.openOrCreate);
      await storage.syncDir();
      await file.append(Uint8Array.of(1));
      await file.append(Uint8Array.of(2));
    });
    t.deepEqual(
      states.map(textOf).sort(),
      [
        "file=",
        "file=00",
        "file=01",
        "file=0000",
        "file=0100",
        "file=0102",
      ].sort(),
    );
  },
);

test.serial(
  "a cut takes what is behind it, or does not take place",
  async (t) => {
    const states = await statesAfter(async (storage) => {
      await using file = await storage.open("file", OpenOptions.openOrCreate);
      await file.append(Uint8Array.of(1, 2, 3));
      await file.sync();
      await storage.syncDir();
      await file.setLen(1);
      await file.setLen(2);
    });
    t.deepEqual(states.map(textOf).sort(), [
      "file=01",
      "file=0100",
      "file=010203",
    ]);
  },
);

test.serial(
  "names: each change as a whole, and none without those it builds upon",
  async (t) => {
    const states = await statesAfter(async (storage) => {
      for (const name of ["a", "b"]) {
        await using file = await storage.open(name, OpenOptions.openOrCreate);
        await file.append(Buffer.from(name));
        await file.sync();
      }
      await storage.syncDir();
      await storage.rename("a", "c");
      await storage.delete("b");
      await storage.rename("c", "b");
    });
    t.deepEqual(
      states.map((state) => [...state.keys()].sort().join("")).sort(),
      ["ab", "a", "bc", "c", "b"].sort(),
    );
  },
);

test.serial("more states than were asked for are refused", async (t) => {
  await t.throwsAsync(
    statesAfter(
      async (storage) => {
        await using file = await storage.open("file", OpenOptions.openOrCreate);
        for (let byte = 0; byte < 20; byte += 1)
          await file.append(Uint8Array.of(byte));
      },
      { crashesMax: 10 },
    ),
    { instanceOf: RangeError, message: /more than 10 crashes/ },
  );
});

test.serial(
  "the right log opens in every state that a crash leaves, with all that was acknowledged and nothing made up",
  async (t) => {
    const states = await statesAfter(
      async (storage) => {
        const log = await WriteAheadLog.open(storage);
        await log.append(["one", "two"]);
        const careless = await WriteAheadLog.open(storage, {
          acknowledgesBeforeSync: true,
        });
        await careless.append(["three", "four"]);
      },
      { torn: true },
    );
    t.true(states.length > 20, `${states.length}`);
    const all = ["one", "two", "three", "four"];
    const counts = new Set<number>();
    for (const state of states) {
      const world = worldOf();
      world.disk(ipA).install(state);
      await world.run(async () => {
        const { storage } = world.providers(ipA);
        const { records } = await WriteAheadLog.open(storage);
        const texts = records.map(({ text }) => text);
        t.true(texts.length >= 2);
        t.deepEqual(texts, all.slice(0, texts.length));
        counts.add(texts.length);
      });
    }
    t.deepEqual(counts, new Set([2, 3, 4]));
  },
);
