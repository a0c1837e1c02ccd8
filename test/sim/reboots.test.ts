/** Many lives on one machine: the world must not grow with them. */
import test from "ava";

import { OpenOptions } from "../../src/core/index.ts";
import type { SimWorld } from "../../src/sim/index.ts";
import { heapBytes } from "./garbage.ts";
import { echo, ipA, ipB, pattern, port, worldOf } from "./support.ts";

/** What a life held while it lived is more than a hundred times that. */
const bytesPerLifeMax = 100;

test.serial(
  "two hundred reboots leave the heap as large as it was",
  async (t) => {
    const world = rebootableWorld();
    await reboot(world, 200);
    const before = await heapBytes();
    await reboot(world, 200);
    const grownKiB = ((await heapBytes()) - before) / 1_024;
    t.true(
      grownKiB < 500,
      `the heap has grown by ${grownKiB} KiB, while the lives held 3,000 KiB and more`,
    );
  },
);

test.serial(
  "thousands of reboots leave next to nothing of each life",
  async (t) => {
    const world = rebootableWorld();
    await reboot(world, 1_000);
    const growths: number[] = [];
    for (let batch = 0; batch < 4; batch += 1) {
      const before = await heapBytes();
      await reboot(world, 1_000);
      growths.push(((await heapBytes()) - before) / 1_000);
    }
    // The host's compiler grows as well while it warms up; what a life leaves, every batch shows.
    t.true(
      Math.min(...growths) < bytesPerLifeMax,
      `bytes of each life that are kept, by batch: ${growths.join(", ")}`,
    );
  },
);

function rebootableWorld(): SimWorld {
  const world = worldOf({ onCrash: () => undefined });
  world.boot(ipA, ({ network, tasks }) =>
    tasks.spawn("server", async () => {
      const listener = await network.bind(`${ipA}:${port}`);
      for (;;) {
        const connection = await listener.accept();
        tasks.spawn("reader", async () => {
          while (
            (await connection.read().catch(() => undefined)) !== undefined
          );
        });
      }
    }),
  );
  return world;
}

async function reboot(world: SimWorld, times: number): Promise<void> {
  for (let life = 0; life < times; life += 1) {
    world.boot(ipB, async (providers, { shutdown }) => {
      const { network, storage, tasks, time } = providers;
      // Numbers, because the bytes of a typed array are not on the heap that is measured.
      const memory = Array.from({ length: 2_000 }, (_, place) => place + 0.5);
      shutdown.addEventListener("abort", () => memory.fill(0));
      tasks.spawn("server", () => echo(providers));
      const file = await storage.open("file", OpenOptions.openOrCreate);
      await file.writeAt(0, pattern(1_000));
      const connection = await network.connect(`${ipA}:${port}`);
      await connection.write(pattern(1_000));
      await time.sleep(1e9);
      memory.fill(1);
    });
    await world.run(() => world.time.sleep(30));
    world.kill(ipB);
  }
  await world.run(() => world.time.sleep(30));
}
