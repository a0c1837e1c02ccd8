/** Damage within bounds, and those who notice it. */
import test from "ava";

import { OpenOptions, type StorageFile } from "../../src/core/index.ts";
import {
  SECTOR_SIZE,
  SectorBitSet,
  StorageChecker,
  WriteChecker,
  type IllegalRead,
  type SimWorld,
  type StorageConfiguration,
} from "../../src/sim/index.ts";
import { ipA, ipB, ipC, pattern, worldOf } from "./support.ts";

const sectors = 32;
const bytes = pattern(sectors * SECTOR_SIZE);
const copies = [ipA, ipB, ipC];

/** Three copies of a file, on disks that rot and lie. */
async function threeCopies(
  storage: Partial<StorageConfiguration>,
  use: (world: SimWorld, files: readonly StorageFile[]) => Promise<void>,
): Promise<void> {
  const world = worldOf({ storage });
  await world.run(async () => {
    const files: StorageFile[] = [];
    for (const ip of copies) {
      const { storage: disk } = world.providers(ip);
      const file = await disk.open("copy", OpenOptions.openOrCreate);
      await file.writeAt(0, bytes);
      files.push(file);
    }
    await use(world, files);
  });
}

/** Which copies are wrong, by sector. */
function damageOf(world: SimWorld): string[][] {
  const contents = copies.map((ip) => world.disk(ip).contentOf("copy"));
  return Array.from({ length: sectors }, (_, sector) => {
    const range = [sector * SECTOR_SIZE, (sector + 1) * SECTOR_SIZE] as const;
    const right = Buffer.from(bytes.subarray(...range));
    return copies.filter(
      (_ip, index) => !right.equals(contents[index]!.subarray(...range)),
    );
  });
}

for (const damagedCopiesMax of [0, 1, 2]) {
  test.serial(
    `at most ${damagedCopiesMax} copies of a sector are damaged when that is the budget`,
    async (t) => {
      const odds = { readFaultProbability: 0.5, writeFaultProbability: 0.5 };
      await threeCopies({ ...odds, damagedCopiesMax }, async (world, files) => {
        for (let round = 0; round < 20; round += 1)
          for (const file of files) await file.readAt(0, bytes.length);
        const damaged = damageOf(world).map(({ length }) => length);
        t.is(Math.max(...damaged), damagedCopiesMax);
      });
    },
  );
}

test.serial(
  "a copy that was written again makes room for damage elsewhere",
  async (t) => {
    const odds = { readFaultProbability: 0.5, damagedCopiesMax: 1 };
    await threeCopies(odds, async (world, files) => {
      const struck = new Set<string>();
      for (let round = 0; round < 60; round += 1) {
        for (const file of files) await file.readAt(0, SECTOR_SIZE);
        for (const ip of damageOf(world)[0] ?? []) struck.add(ip);
        for (const file of files)
          await file.writeAt(0, bytes.subarray(0, SECTOR_SIZE));
      }
      t.is(struck.size, 3);
    });
  },
);

test.serial(
  "calm() brings back what was written, storm() damages it again",
  async (t) => {
    const odds = { readFaultProbability: 1, phantomWriteProbability: 0.5 };
    await threeCopies(odds, async (world, files) => {
      for (const file of files) await file.readAt(0, bytes.length);
      t.true(damageOf(world).some(({ length }) => length > 0));
      world.calm();
      for (const file of files)
        t.deepEqual(await file.readAt(0, bytes.length), bytes);
      t.true(damageOf(world).every(({ length }) => length === 0));
      world.storm();
      await files[0]!.readAt(0, bytes.length);
      t.true(damageOf(world).some(({ length }) => length > 0));
    });
  },
);

test.serial(
  "StorageChecker finds the first byte in which copies differ",
  async (t) => {
    await threeCopies({}, async (world, files) => {
      const checker = new StorageChecker(world);
      t.is(checker.compare("copy", copies), undefined);
      t.is(checker.comparisons, 2);
      await files[1]!.writeAt(700, Uint8Array.of(bytes[700]! ^ 1));
      t.deepEqual(checker.compare("copy", copies), {
        ...{ path: "copy", ips: [ipA, ipB], position: 700 },
      });
      t.is(checker.compare("copy", [ipA, ipC]), undefined);
      await files[2]!.setLen(5);
      t.is(checker.compare("copy", [ipA, ipC])?.position, 5);
      await world.providers(ipB).storage.delete("copy");
      t.is(checker.compare("copy", [ipA, ipB])?.position, undefined);
      t.deepEqual(checker.compare("copy", [ipA, ipB])?.ips, [ipA, ipB]);
      t.is(checker.compare("nowhere", copies), undefined);
    });
  },
);

/** Random work on one file through a checker, with crashes, and all that the checker has to say. */
async function watched(
  seed: number,
  storage: Partial<StorageConfiguration>,
): Promise<{ illegal: IllegalRead[]; sectorsChecked: number }> {
  const world = worldOf({ seed, storage });
  const illegal: IllegalRead[] = [];
  const checker = new WriteChecker((read) => illegal.push(read));
  const random = world.random("work");
  await world.run(async () => {
    for (let life = 0; life < 4; life += 1) {
      const disk = checker.wrap(world.providers(ipA).storage);
      const file = await disk.open("file", OpenOptions.openOrCreate);
      await disk.syncDir();
      for (let step = 0; step < 25; step += 1) {
        const position = random.below(8 * SECTOR_SIZE);
        const length = random.range(1, 3 * SECTOR_SIZE);
        if (random.bool(0.2)) await file.sync();
        else if (random.bool(0.1)) await file.setLen(position);
        else if (random.bool())
          await file.writeAt(position, random.bytes(length));
        else await file.readAt(position, length);
      }
      world.kill(ipA);
      await world.time.sleep(1);
      checker.powerLost();
    }
  });
  return { illegal, sectorsChecked: checker.sectorsChecked };
}

test.serial(
  "WriteChecker finds nothing on a disk that only loses and tears",
  async (t) => {
    let checked = 0;
    for (let seed = 1; seed <= 60; seed += 1) {
      const { illegal, sectorsChecked } = await watched(seed, {});
      t.deepEqual(illegal, [], `seed ${seed}`);
      checked += sectorsChecked;
    }
    t.true(checked > 2_000);
  },
);

for (const fault of [
  ...(["readFaultProbability", "writeFaultProbability"] as const),
  ...(["misdirectReadProbability", "misdirectWriteProbability"] as const),
  "phantomWriteProbability" as const,
]) {
  test.serial(`WriteChecker finds what ${fault} does`, async (t) => {
    let found = 0;
    for (let seed = 1; seed <= 10; seed += 1)
      found += (await watched(seed, { [fault]: 0.1 })).illegal.length;
    t.true(found > 0);
  });
}

test("SectorBitSet holds sectors, however far apart", (t) => {
  const set = new SectorBitSet();
  for (const sector of [0, 31, 32, 33, 5_000_000_000, 32]) set.set(sector);
  t.is(set.size, 5);
  t.true(set.test(31) && set.test(5_000_000_000));
  t.false(set.test(30) || set.test(34));
  t.deepEqual(set.ranges(), [
    [0, 1],
    [31, 34],
    [5_000_000_000, 5_000_000_001],
  ]);
  set.unset(32);
  set.unset(32);
  set.unset(77);
  t.deepEqual(set.sectors(), [0, 31, 33, 5_000_000_000]);
  set.clear();
  t.is(set.size, 0);
  t.deepEqual(set.ranges(), []);
});
