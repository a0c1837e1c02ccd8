/** What becomes of files. */
import {
  isStorageError,
  OpenOptions,
  type StorageFile,
} from "../../src/core/index.ts";
import {
  everythingKept,
  InMemoryStorage,
  SECTOR_SIZE,
  type SimWorld,
  type StorageConfiguration,
} from "../../src/sim/index.ts";
import { ipA, ipB, ipC, pattern, worldOf } from "../sim/support.ts";
import type { Defect } from "./defect.ts";

const { appendOrCreate, openOrCreate, readOnly } = OpenOptions;

/** Use a new file of 16 sectors, durable by name and content. */
async function withFile(
  storage: Partial<StorageConfiguration>,
  use: (file: StorageFile, world: SimWorld) => Promise<void>,
  seed: number = 1,
): Promise<void> {
  const world = worldOf({ seed, storage });
  await world.run(async () => {
    const disk = world.providers(ipA).storage;
    const file = await disk.open("file", openOrCreate);
    await file.writeAt(0, pattern(16 * SECTOR_SIZE));
    await file.sync();
    await disk.syncDir();
    await use(file, world);
  });
}

/** Lose power, and read what is left. */
async function afterCrash(world: SimWorld): Promise<Uint8Array> {
  world.kill(ipA);
  const file = await world.providers(ipA).storage.open("file", readOnly);
  return file.readAt(0, 1_000_000);
}

export const storageDefects: readonly Defect[] = [
  {
    holds:
      "a crash loses, keeps and tears what was not synced, sector by sector",
    numbers: ["simulator 11", "storage 1"],
    check: async (t) => {
      const outcomes = new Set<string>();
      const old = pattern(16 * SECTOR_SIZE);
      for (let seed = 1; seed <= 30; seed += 1)
        await withFile(
          {},
          async (file, world) => {
            await file.writeAt(0, new Uint8Array(16 * SECTOR_SIZE));
            const left = await afterCrash(world);
            for (let at = 0; at < old.length; at += SECTOR_SIZE) {
              const sector = left.slice(at, at + SECTOR_SIZE);
              const lost = String(sector) === String(old.slice(at, at + 512));
              const kept = sector.every((byte) => byte === 0);
              outcomes.add(lost ? "lost" : kept ? "kept" : "torn");
            }
          },
          seed,
        );
      t.deepEqual([...outcomes].sort(), ["kept", "lost", "torn"]);
    },
    mutants: [
      {
        file: "sim/storage/crash-losses",
        from: "choices.version(contents.length)",
        to: "contents.length - 1",
      },
    ],
  },
  {
    holds: "names and lengths are durable only after the right sync",
    numbers: ["simulator 12", "storage 2"],
    check: async (t) => {
      await withFile({ unsynced: "lost" }, async (file, world) => {
        const { storage } = world.providers(ipA);
        await (await storage.open("new", openOrCreate)).sync();
        await file.setLen(5);
        t.is((await afterCrash(world)).length, 16 * SECTOR_SIZE);
        t.false(await world.providers(ipA).storage.exists("new"));
      });
    },
    mutants: [
      {
        file: "sim/storage/names",
        from: "!undone.hasAny(change) && choices.name()",
        to: "true",
      },
      {
        file: "sim/storage/in-memory-storage",
        from: "choices.lengths(histories.lengths.length)",
        to: "histories.lengths.length",
      },
    ],
  },
  {
    holds:
      "damage is the same however it is read, and until it is written over",
    numbers: ["storage 3", "storage 5"],
    check: async (t) => {
      await withFile({}, async (file, world) => {
        world.disk(ipA).configure({ readFaultProbability: 1 });
        const damaged = await file.readAt(0, 4 * SECTOR_SIZE);
        for (let at = 0; at + 97 <= damaged.length; at += 97)
          t.deepEqual(await file.readAt(at, 97), damaged.slice(at, at + 97));
        world.disk(ipA).configure({ readFaultProbability: 0 });
        await file.writeAt(0, pattern(2 * SECTOR_SIZE));
        const again = await file.readAt(0, 4 * SECTOR_SIZE);
        const [repaired, rest] = [0, 2].map((sector) => [
          again.slice(sector * SECTOR_SIZE, (sector + 2) * SECTOR_SIZE),
          damaged.slice(sector * SECTOR_SIZE, (sector + 2) * SECTOR_SIZE),
        ]);
        t.deepEqual(repaired?.[0], pattern(2 * SECTOR_SIZE));
        t.deepEqual(rest?.[0], rest?.[1]);
      });
    },
    mutants: [
      {
        file: "sim/storage/sector-damage",
        from: "bytes.set(shown.subarray(from - start, to - start), from - position)",
        to: "bytes.set(shown.subarray(0, to - from), from - position)",
      },
      {
        file: "sim/storage/folder",
        from: "this.damage.written(position, bytes)",
        to: "void 0",
      },
    ],
  },
  {
    holds:
      "what a failed sync did not write is not there after a crash, whatever a later sync says",
    numbers: ["storage 4"],
    check: (t) => {
      const file = new InMemoryStorage();
      file.write(0, Uint8Array.of(1, 2, 3));
      file.sync();
      file.write(1, Uint8Array.of(9));
      file.failSync(() => false);
      file.sync();
      t.deepEqual(
        file.read(0, 9),
        Uint8Array.of(1, 9, 3),
        "still in the cache",
      );
      file.crash(everythingKept);
      t.deepEqual(file.read(0, 9), Uint8Array.of(1, 2, 3));
      return Promise.resolve();
    },
    mutants: [
      {
        file: "sim/storage/in-memory-storage",
        from: "if (!reaches(sector))",
        to: "if (false)",
      },
    ],
  },
  {
    holds:
      "disks fail, fill up, read elsewhere and do less than they were asked for",
    numbers: ["simulator 12", "storage 4"],
    check: async (t) => {
      await withFile({}, async (file, world) => {
        const disk = world.disk(ipA);
        const failure = async (work: Promise<unknown>): Promise<string> =>
          work.then(
            () => "none",
            (error: unknown) => (isStorageError(error) ? error.code : "other"),
          );
        disk.configure({ ioErrorProbability: 1 });
        t.is(await failure(file.readAt(0, 1)), "io");
        t.is(await failure(file.writeAt(0, pattern(1))), "io");
        disk.configure({
          ioErrorProbability: 0,
          capacityBytes: 16 * SECTOR_SIZE,
        });
        t.is(await failure(file.append(pattern(1))), "disk_full");
        disk.configure({ shortOperationProbability: 1 });
        t.true((await file.read(1_000)).length < 1_000);
        disk.configure({ misdirectReadProbability: 1 });
        const read = await file.readAt(0, 64);
        t.false(String(read) === String(pattern(64)));
      });
    },
    mutants: [
      {
        file: "sim/storage/silent-damage",
        from: "file.damage.show(sector - other + from, shown)",
        to: "file.damage.show(sector, shown)",
      },
      {
        file: "sim/storage/disk",
        from: "if (room >= write.bytes.length)",
        to: "if (true)",
      },
    ],
  },
  {
    holds: "holes read as zeros",
    numbers: ["storage 5"],
    check: async (t) => {
      await withFile({}, async (file) => {
        await file.writeAt(100_000, Uint8Array.of(1));
        const hole = await file.readAt(16 * SECTOR_SIZE, 50_000);
        t.true(hole.every((byte) => byte === 0));
        await file.setLen(10);
        await file.setLen(20);
        t.deepEqual(await file.readAt(10, 20), new Uint8Array(10));
      });
    },
    mutants: [
      {
        file: "sim/storage/pages",
        from: "this.#ownPage(last).bytes.fill(0, keep)",
        to: "void 0",
      },
    ],
  },
  {
    holds: "a device takes up one operation after another",
    numbers: ["simulator 13", "storage 6"],
    check: async (t) => {
      await withFile({ iops: 1_000 }, async (file, world) => {
        const startMs = world.nowMs;
        await Promise.all(Array.from({ length: 50 }, () => file.readAt(0, 1)));
        t.true(world.nowMs - startMs >= 50);
      });
    },
    mutants: [
      {
        file: "sim/storage/device",
        from: "Math.max(this.#freeAtMicros, nowMicros)",
        to: "nowMicros",
      },
    ],
  },
  {
    holds:
      "each process has its own files, each handle its own position and rights, and appends go to the end",
    numbers: ["simulator 13", "storage 7"],
    check: async (t) => {
      await withFile({}, async (file, world) => {
        t.false(await world.providers(ipB).storage.exists("file"));
        const { storage } = world.providers(ipA);
        const log = await storage.open("file", appendOrCreate);
        await log.write(Uint8Array.of(7));
        t.is(await file.size(), 16 * SECTOR_SIZE + 1);
        t.is(file.position, 0);
        const refused = await log.writeAt(0, Uint8Array.of(1)).then(
          () => false,
          (error: unknown) => isStorageError(error, "not_permitted"),
        );
        t.true(refused);
      });
    },
    mutants: [
      {
        file: "sim/storage/file",
        from: "const atEnd = this.#options.append === true",
        to: "const atEnd = false",
      },
      {
        file: "sim/storage/file",
        from: "!mayDo(this.#options, needs)",
        to: "false",
      },
    ],
  },
  {
    holds:
      "damage leaves one copy of everything whole, where that is asked for",
    numbers: ["storage 8"],
    check: async (t) => {
      const world = worldOf({
        storage: { writeFaultProbability: 0.5, damagedCopiesMax: 2 },
      });
      const ips = [ipA, ipB, ipC];
      const bytes = pattern(32 * SECTOR_SIZE);
      await world.run(async () => {
        for (const ip of ips) {
          const disk = world.providers(ip).storage;
          const file = await disk.open("copy", openOrCreate);
          await file.writeAt(0, bytes);
        }
      });
      for (let sector = 0; sector < 32; sector += 1) {
        const start = sector * SECTOR_SIZE;
        const right = String(bytes.slice(start, start + SECTOR_SIZE));
        const whole = ips.filter((ip) => {
          const copy = world.disk(ip).contentOf("copy");
          return String(copy?.slice(start, start + SECTOR_SIZE)) === right;
        });
        t.true(whole.length >= 1, `sector ${sector}`);
      }
    },
    mutants: [
      {
        file: "sim/storage/fault-atlas",
        from: "if (copies.size >= this.#copiesMax)",
        to: "if (false)",
      },
    ],
  },
];
