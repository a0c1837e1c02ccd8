/** Steps: one at a time, until something, until nothing is left, and when that is too early. */
import test from "ava";

import { isSimulationError, type SimWorld } from "../../src/sim/index.ts";
import { ipA, worldOf } from "./support.ts";

test.serial(
  "step lets one event happen, and settles what it caused",
  async (t) => {
    const world = worldOf();
    const notes = tickTwice(world);
    t.true(await world.step());
    t.deepEqual(notes, ["boot", "boot settled"]);
    t.is(world.pending, 1);
    t.true(await world.step());
    t.deepEqual(notes.slice(2), ["1 ms"]);
    t.true(await world.step());
    t.deepEqual(notes.slice(3), ["2 ms"]);
    t.false(await world.step());
    t.is(world.steps, 3);
  },
);

test.serial(
  "runUntil asks before every event, and tells why it ended",
  async (t) => {
    const world = worldOf();
    const notes = tickTwice(world);
    t.is(await world.runUntil(() => true), "done");
    t.deepEqual(notes, []);
    t.is(await world.runUntil(() => world.nowMs >= 1), "done");
    t.deepEqual(notes, ["boot", "boot settled", "1 ms"]);
    t.is(await world.runUntil(() => false), "empty");
    t.is(notes.at(-1), "2 ms");
  },
);

test.serial(
  "runUntilEmpty returns when nothing is left to happen",
  async (t) => {
    const world = worldOf();
    const notes = tickTwice(world);
    await world.runUntilEmpty();
    t.is(notes.length, 4);
    t.is(world.pending, 0);
    t.is(world.nowMs, 2);
    await world.runUntilEmpty();
    t.is(world.steps, 3);
  },
);

test.serial(
  "run that can never end is a deadlock, with the time at which nothing was left",
  async (t) => {
    const world = worldOf();
    const stuck = world.run(async () => {
      await world.time.sleep(12.5);
      await new Promise(() => undefined);
    });
    const error = await t.throwsAsync(stuck);
    t.true(isSimulationError(error, "deadlock"));
    const waiting = "the function given to run()";
    t.is(
      error?.message,
      `[deadlock] nothing is left to happen at 12.5 ms, but ${waiting} has not finished`,
    );
    t.deepEqual((error as { details?: unknown } | undefined)?.details, {
      atMs: 12.5,
      waiting,
    });
  },
);

function tickTwice(world: SimWorld): string[] {
  const notes: string[] = [];
  world.boot(ipA, async ({ time }) => {
    notes.push("boot");
    await null;
    notes.push("boot settled");
    for (const tick of [1, 2]) {
      await time.sleep(1);
      notes.push(`${tick} ms`);
    }
  });
  return notes;
}
