/** What a loss of power leaves by chance: every sector, length and name by itself, and nothing that never was. */
import test from "ava";

import { OpenOptions, type StorageProvider } from "../../src/core/index.ts";
import { SECTOR_SIZE, type SimWorld } from "../../src/sim/index.ts";
import { ipB, watch, worldOf } from "./support.ts";

const sectors = 8;
const seeds = 150;
const [old, fresh] = [0x4f, 0x4e];

/** Overwrite a durable file without a sync, lose power, and tell of each sector how many bytes of it are new. */
async function overwriteAndCrash(world: SimWorld): Promise<number[]> {
  await world.providers(ipB).storage.mkdir("folder");
  const file = await world
    .providers(ipB)
    .storage.open("file", OpenOptions.openOrCreate);
  await file.writeAt(0, new Uint8Array(sectors * SECTOR_SIZE).fill(old));
  await file.sync();
  await world.providers(ipB).storage.syncDir();
  await file.writeAt(0, new Uint8Array(sectors * SECTOR_SIZE).fill(fresh));
  world.kill(ipB);
  const bytes = await contentOf(world.providers(ipB).storage);
  return Array.from({ length: sectors }, (_, sector) => {
    const start = sector * SECTOR_SIZE;
    const part = bytes.subarray(start, start + SECTOR_SIZE);
    const written = part.findLastIndex((byte) => byte === fresh) + 1;
    const torn = part.findIndex((byte) => byte === old);
    if (torn !== -1 && torn < written) throw new Error("new behind old");
    return written;
  });
}

async function contentOf(storage: StorageProvider): Promise<Uint8Array> {
  await using file = await storage.open("file", OpenOptions.readOnly);
  return await file.readAt(0, sectors * SECTOR_SIZE);
}

/** What became of the sectors in each of many seeds. */
async function outcomes(): Promise<number[][]> {
  const found: number[][] = [];
  for (let seed = 1; seed <= seeds; seed += 1) {
    const world = worldOf({ seed });
    found.push(await world.run(() => overwriteAndCrash(world)));
  }
  return found;
}

test.serial(
  "a crash keeps, drops and tears each sector by itself",
  async (t) => {
    const found = await outcomes();
    const kept = (written: number): boolean => written === SECTOR_SIZE;
    const lost = (written: number): boolean => written === 0;
    t.true(found.some((all) => all.every(kept)));
    t.true(found.some((all) => all.every(lost)));
    t.true(found.some((all) => all.some(kept) && all.some(lost)));
    for (let sector = 0; sector < sectors; sector += 1) {
      const written = found.map((all) => all[sector] as number);
      t.true(written.some(kept) && written.some(lost), `sector ${sector}`);
    }
    const torn = found.flat().filter((each) => !kept(each) && !lost(each));
    t.true(torn.length > 10);
    t.true(new Set(torn).size > torn.length / 2, "torn at many places");
  },
);

test.serial("crashes of one world differ from each other", async (t) => {
  for (let seed = 1; ; seed += 1) {
    const world = worldOf({ seed });
    const found = await world.run(async () => {
      const first = await overwriteAndCrash(world);
      return [first, await overwriteAndCrash(world)];
    });
    if (String(found[0]) !== String(found[1])) break;
    t.true(seed < 20);
  }
  t.pass();
});

test.serial("a crash of the same seed is the same", async (t) => {
  for (const seed of [3, 4, 5]) {
    const runs = [worldOf({ seed }), worldOf({ seed })].map(async (world) => [
      await world.run(() => overwriteAndCrash(world)),
      world.fingerprint,
    ]);
    const [first, second] = await Promise.all(runs);
    t.deepEqual(first, second);
  }
});

test.serial("a disk that keeps everything does", async (t) => {
  for (let seed = 1; seed <= 10; seed += 1) {
    const world = worldOf({ seed, storage: { unsynced: "kept" } });
    const found = await world.run(() => overwriteAndCrash(world));
    t.true(found.every((written) => written === SECTOR_SIZE));
  }
});

test.serial(
  "what was under way may have happened or not, and nobody is told",
  async (t) => {
    const found = new Set<number>();
    const watching: ReturnType<typeof watch>[] = [];
    for (let seed = 1; seed <= seeds; seed += 1) {
      const world = worldOf({ seed, storage: { writeMs: [10, 10] } });
      await world.run(async () => {
        const { storage } = world.providers(ipB);
        const file = await storage.open("file", OpenOptions.openOrCreate);
        await storage.syncDir();
        const writing = file.append(new Uint8Array(3).fill(fresh));
        watching.push(watch(writing));
        world.kill(ipB);
        found.add((await contentOf(world.providers(ipB).storage)).length);
        await world.time.sleep(100);
      });
    }
    t.deepEqual(found, new Set([0, 3]));
    t.false(watching.some(({ settled }) => settled));
  },
);

test.serial("names and lengths are kept or lost, too", async (t) => {
  const found = new Set<string>();
  for (let seed = 1; seed <= seeds; seed += 1) {
    const world = worldOf({ seed });
    await world.run(async () => {
      const { storage } = world.providers(ipB);
      const old = await storage.open("old", OpenOptions.openOrCreate);
      await old.setLen(1);
      await old.sync();
      await storage.syncDir();
      await old.setLen(2);
      await old.setLen(3);
      await storage.open("new", OpenOptions.openOrCreate);
      world.kill(ipB);
      const after = world.providers(ipB).storage;
      await using left = await after.open("old", OpenOptions.readOnly);
      found.add(`${await after.exists("new")} ${await left.size()}`);
    });
  }
  t.deepEqual([...found].sort(), [
    ...["false 1", "false 2", "false 3"],
    ...["true 1", "true 2", "true 3"],
  ]);
});
