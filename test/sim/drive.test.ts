/** Driving worlds: one at a time, never nested, without starving the event loop, to the same end on every road. */
import test from "ava";

import { isSimulationError, type SimWorld } from "../../src/sim/index.ts";
import { busyClient, busyRun, echo, ipA, ipB, worldOf } from "./support.ts";

test.serial(
  "run returns what its function returns, and passes on what it throws",
  async (t) => {
    t.is(await worldOf().run(async () => "value"), "value");
    const failure = new Error("on purpose");
    t.is(
      await t.throwsAsync(worldOf().run(() => Promise.reject(failure))),
      failure,
    );
    const thrown = worldOf().run(() => {
      throw failure;
    });
    t.is(await t.throwsAsync(thrown), failure);
  },
);

test.serial(
  "worlds that are run at once take turns and do not disturb each other",
  async (t) => {
    const alone = await Promise.all([1, 2, 3].map((seed) => busyRun({ seed })));
    const order: string[] = [];
    const runs = [1, 2, 3].map(async (seed) => {
      const world = worldOf({ seed });
      world.boot(ipA, echo);
      await world.run(async () => {
        order.push(`begin ${seed}`);
        await busyClient(world.providers(ipB));
        order.push(`end ${seed}`);
      });
      return world.fingerprint;
    });
    t.deepEqual(
      await Promise.all(runs),
      alone.map(({ fingerprint }) => fingerprint),
    );
    t.deepEqual(order, [
      "begin 1",
      "end 1",
      "begin 2",
      "end 2",
      "begin 3",
      "end 3",
    ]);
  },
);

test.serial(
  "a world whose predecessor failed is run all the same",
  async (t) => {
    const failing = worldOf().run(() =>
      Promise.reject(new Error("on purpose")),
    );
    const following = worldOf().run(async () => "fine");
    await t.throwsAsync(failing, { message: "on purpose" });
    t.is(await following, "fine");
  },
);

for (const who of ["process", "driver"] as const) {
  test.serial(
    `a world inside a step of a world is refused, if a ${who} starts it`,
    async (t) => {
      const [outer, inner] = [worldOf(), worldOf({ seed: 2 })];
      let error: unknown;
      const nest = async (): Promise<void> => {
        error = await inner
          .run(async () => "never")
          .catch((refusal: unknown) => refusal);
      };
      if (who === "process") outer.boot(ipA, nest);
      await outer.run(async () => {
        if (who === "driver") await nest();
        await outer.time.sleep(1);
      });
      t.true(isSimulationError(error, "nested"), String(error));
      t.is(await inner.run(async () => "afterwards"), "afterwards");
    },
  );
}

test.serial(
  "a long run lets the event loop turn, so that real timers and immediates fire",
  async (t) => {
    const world = worldOf();
    const fired = { immediate: 0, timeout: 0 };
    const immediate = setInterval(() => (fired.timeout += 1), 1);
    setImmediate(() => (fired.immediate = world.steps));
    world.boot(ipA, async ({ time }) => {
      while (fired.timeout < 3 && world.steps < 50_000_000) await time.sleep(1);
    });
    await world.runUntilEmpty();
    clearInterval(immediate);
    t.true(fired.timeout >= 3, "three timers fired before the program ended");
    t.true(world.steps < 50_000_000);
  },
);

test.serial(
  "a run that is started inside a job or a tick goes as any other",
  async (t) => {
    const plain = await busyRun();
    const inJob = await new Promise<unknown>((resolve) =>
      queueMicrotask(() => resolve(busyRun())),
    );
    const inTick = await new Promise<unknown>((resolve) =>
      process.nextTick(() => resolve(busyRun())),
    );
    const inChain = await Promise.resolve().then(async () => {
      await null;
      return busyRun();
    });
    for (const run of [inJob, inTick, inChain]) t.deepEqual(run, plain);
  },
);

test.serial(
  "settling at once and settling by turns of the event loop give the same run",
  async (t) => {
    for (const seed of [1, 2, 3]) {
      const [atOnce, byTurns] = [
        await busyRun({ seed, settling: "tick" }),
        await busyRun({ seed, settling: "barrier" }),
      ];
      t.deepEqual(atOnce, byTurns);
      t.true(atOnce.log.split("\n").length > 15);
    }
  },
);

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
