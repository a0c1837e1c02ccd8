/** A world without the runner, as docs/by-hand.md shows it. */
import test from "ava";

import { SimWorld } from "../../src/sim/index.ts";
import { echo } from "./support.ts";

test.serial(
  "a world is stepped by hand, watched, and broken between two steps",
  async (t) => {
    const told: string[] = [];
    const log = (line: string): void => void told.push(line);

    const world = new SimWorld({ seed: 42 });
    world.boot("10.0.1.1", echo);
    world.boot("10.0.1.2", async ({ network, time }) => {
      const connection = await network.connect("10.0.1.1:4500");
      await connection.write(new Uint8Array([1, 2, 3]));
      await connection.read();
      log(`answered at ${time.now()} ms`);
    });
    const stop = world.onEvent(({ atMs, owner, kind, operation }) => {
      log(`${atMs} ms: ${owner} ${kind} ${operation}`);
    });

    while (await world.step()) {
      const [next] = world.pendingEvents;
      if (next?.operation === "data_delivery" && world.faults.counts.size === 0)
        world.network.partition("10.0.1.1", "10.0.1.2", { forMs: 1_000 });
    }
    stop();

    t.is(told[0], "0 ms: 10.0.1.1 process boot");
    t.true(told.some((line) => line.endsWith("connection partition_healed")));
    t.regex(told.at(-1) ?? "", /^answered at 10\d\d(\.\d+)? ms$/);
    t.true(world.nowMs > 1_000);
    t.is(world.pending, 0);
  },
);

test.serial(
  "a world runs until a promise settles, until a condition holds, or until nothing is left",
  async (t) => {
    const world = new SimWorld({ seed: 42 });
    const { storage, time } = world.providers("10.0.1.1");

    const size = await world.run(async () => {
      const file = await storage.open("log", { create: true, write: true });
      await file.append(new Uint8Array(100));
      return file.size();
    });
    time.schedule(500, () => undefined);
    time.schedule(2_000, () => undefined);
    await world.runUntil(() => world.nowMs >= 500);
    world.kill("10.0.1.1");
    await world.runUntilEmpty();

    t.is(size, 100);
    t.true(world.nowMs < 600, "the timer of the dead process did not happen");
    t.false(world.isAlive("10.0.1.1"));
  },
);
