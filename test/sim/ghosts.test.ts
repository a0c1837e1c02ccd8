/** Handles of the dead do nothing and say nothing; handles of an ended world refuse. */
import test from "ava";

import { isSimulationError, SimulationError } from "../../src/sim/index.ts";
import {
  acquire,
  silentCalls,
  waitingCalls,
  type Holdings,
} from "./handle-calls.ts";
import { ipA, ipB, watch, worldOf } from "./support.ts";

test.serial(
  "every call of a dead process waits for ever, has no effect and is counted",
  async (t) => {
    const world = worldOf();
    await world.run(async () => {
      const held = await acquire(world);
      world.kill(ipB);
      await world.time.sleep(1_000);
      for (const [name, call] of Object.entries(waitingCalls(held))) {
        const before = {
          calls: world.ghostCalls,
          pending: world.pending,
          fingerprint: world.fingerprint,
        };
        const outcome = watch(call());
        t.is(world.ghostCalls, before.calls + 1, name);
        t.deepEqual(
          [world.pending, world.fingerprint],
          [before.pending, before.fingerprint],
          name,
        );
        await world.time.sleep(60_000);
        t.false(outcome.settled, name);
      }
    });
  },
);

test.serial(
  "calls of a dead process that return nothing do nothing",
  async (t) => {
    const world = worldOf({ traceRecentMax: 10 });
    await world.run(async () => {
      const held = await acquire(world);
      world.kill(ipB);
      await world.time.sleep(1_000);
      for (const [name, call] of Object.entries(silentCalls(held))) {
        const before = [world.pending, world.fingerprint];
        call();
        await Promise.resolve();
        t.deepEqual([world.pending, world.fingerprint], before, name);
      }
      held.providers.time
        .schedule(1, () => t.fail("a timer of the dead"))
        .cancel();
      t.is(world.ghostCalls, 1);
      await world.time.sleep(1_000);
    });
    t.deepEqual(world.trace.recent, []);
  },
);

test.serial(
  "a dead process that a living one resumes runs on, but touches nothing",
  async (t) => {
    const world = worldOf();
    const notes: string[] = [];
    let resume = (): void => t.fail("nobody waits");
    world.boot(ipB, async ({ time, network }) => {
      await new Promise<void>((resolve) => (resume = resolve));
      notes.push("resumed");
      const listening = network
        .bind(`${ipB}:80`)
        .then(() => notes.push("bound"));
      await Promise.race([time.sleep(1), listening]);
      notes.push("went on");
    });
    world.boot(ipA, async ({ time }) => {
      await time.sleep(20);
      resume();
    });
    await world.run(async () => {
      await world.time.sleep(10);
      world.kill(ipB);
      await world.time.sleep(1_000);
      t.is(
        await world
          .providers(ipA)
          .network.connect(`${ipB}:80`)
          .catch((error: Error) => error.name),
        "NetworkError",
      );
    });
    t.deepEqual(notes, ["resumed"]);
    t.is(world.ghostCalls, 2);
  },
);

test.serial(
  "every call on a world that has ended rejects, naming the end",
  async (t) => {
    const world = worldOf();
    const held: Holdings = await world.run(() => acquire(world));
    world.end();
    t.is(world.pending, 0);
    for (const [name, call] of Object.entries(waitingCalls(held))) {
      const error = await t.throwsAsync(
        call,
        { instanceOf: SimulationError },
        name,
      );
      t.true(isSimulationError(error, "ended"), name);
      t.is(
        error?.message,
        "[ended] this provider's world has ended: nothing can happen in it any more",
        name,
      );
    }
    for (const [name, call] of Object.entries(silentCalls(held)))
      t.notThrows(call, name);
    t.throws(
      () => held.providers.time.schedule(1, () => t.fail("after the end")),
      { instanceOf: SimulationError },
    );
    t.is(world.ghostCalls, 0);
    t.is(world.pending, 0);
  },
);
