/** Whole files and whole disks after a loss of power. */
import test, { type ExecutionContext } from "ava";

import { OpenOptions } from "../../src/core/index.ts";
import { ipB, strictDisk, worldOf } from "./support.ts";

test.serial("a file whose folder was never synced is gone", async (t) => {
  t.false(await existsAfterKill(t, {}));
  t.false(await existsAfterKill(t, { sync: true }));
});

test.serial("a wiped disk is empty, whatever was synced", async (t) => {
  t.true(await existsAfterKill(t, { syncDir: true }));
  t.false(await existsAfterKill(t, { syncDir: true, wipe: true }));
});

test.serial(
  "a disk that lost power serves the next life at once",
  async (t) => {
    const world = worldOf({ storage: strictDisk });
    world.boot(ipB, async ({ storage }) => {
      const file = await storage.open("file", OpenOptions.openOrCreate);
      await Promise.all(
        Array.from({ length: 100 }, () => file.append(text("much work to do"))),
      );
    });
    await world.run(() => world.time.sleep(5));
    world.kill(ipB);
    const startMs = world.nowMs;
    await world.run(() => world.providers(ipB).storage.exists("file"));
    t.is(world.nowMs - startMs, 1);
  },
);

test.serial("a second loss of power has nothing more to lose", async (t) => {
  const world = worldOf({ storage: strictDisk });
  await world.run(async () => {
    const { storage } = world.providers(ipB);
    const file = await storage.open("file", OpenOptions.openOrCreate);
    await storage.syncDir();
    await file.append(Uint8Array.of(1));
    for (let life = 0; life < 3; life += 1) {
      world.kill(ipB);
      await world.providers(ipB).storage.exists("file");
      t.is(world.faults.counts.get("lost metadata"), 1);
    }
  });
});

test.serial("a death leaves the disks of others alone", async (t) => {
  const world = worldOf({ storage: strictDisk });
  await world.run(async () => {
    const other = await world
      .providers("10.0.1.9")
      .storage.open("file", OpenOptions.openOrCreate);
    await other.append(text("unsynced"));
    world.boot(ipB, () => undefined);
    world.kill(ipB, { wipe: true });
    await world.time.sleep(10);
    t.is(await other.size(), 8);
  });
});

async function existsAfterKill(
  t: ExecutionContext,
  how: { sync?: boolean; syncDir?: boolean; wipe?: boolean },
): Promise<boolean> {
  const world = worldOf({ storage: strictDisk });
  return world.run(async () => {
    const providers = world.providers(ipB);
    const file = await providers.storage.open("file", OpenOptions.openOrCreate);
    if (how.sync === true) await file.sync();
    if (how.syncDir === true) await providers.storage.syncDir();
    t.true(world.kill(ipB, { wipe: how.wipe === true }));
    return world.providers(ipB).storage.exists("file");
  });
}

function text(value: string): Uint8Array {
  return new TextEncoder().encode(value);
}
