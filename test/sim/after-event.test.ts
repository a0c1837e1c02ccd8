import test from "ava";

import { SimWorld, type Settling } from "../../src/sim/index.ts";

const settlings: readonly Settling[] = ["tick", "barrier"];

test.serial(
  "SimWorld calls afterEvent once after every event, when all promises have settled",
  async (t) => {
    for (const settling of settlings) {
      const seen: string[] = [];
      let settled = "nothing";
      const world = new SimWorld({
        seed: 1,
        settling,
        afterEvent: () => seen.push(`${world.steps} ${settled}`),
      });
      world.boot("10.0.1.1", async ({ time }) => {
        settled = "booting";
        await Promise.resolve();
        settled = "booted";
        await time.sleep(1);
        settled = "slept";
      });
      await world.runUntilEmpty();
      t.deepEqual(seen, ["1 booted", "2 slept"], settling);
      await world.step();
      t.is(seen.length, 2, "no event, no call");
      world.end();
    }
  },
);

test.serial("what afterEvent throws ends the run at that event", async (t) => {
  for (const settling of settlings) {
    const world = new SimWorld({
      seed: 1,
      settling,
      afterEvent: () => {
        if (world.nowMs === 2) throw new Error("two");
      },
    });
    const sleeping = world.run(async () => {
      for (;;) await world.time.sleep(1);
    });
    await t.throwsAsync(sleeping, { message: "two" }, settling);
    t.is(world.nowMs, 2);
    world.end();
  }
});
