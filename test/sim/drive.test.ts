/** Driving worlds: one at a time, never nested, without starving the event loop, to the same end on every road. */
import test from "ava";

import { isSimulationError } from "../../src/sim/index.ts";
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
      // By turns of the event loop, so that each would see the others between its steps.
      const world = worldOf({ seed, settling: "barrier" });
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

for (const settling of ["tick", "barrier"] as const) {
  test.serial(
    `a world that is started while another pauses waits in line, settling by ${settling}`,
    async (t) => {
      const [long, other] = [worldOf({ settling }), worldOf({ seed: 2 })];
      let waiting: Promise<string> | undefined;
      const order: string[] = [];
      const start = (): void => {
        waiting = other.run(async () => `other after ${order.push("other")}`);
      };
      // One turn for the first steps to begin, and one to come between them.
      setImmediate(() => setImmediate(start));
      long.boot(ipA, async ({ time }) => {
        for (let more = 100; more > 0; more -= waiting === undefined ? 0 : 1)
          await time.sleep(1);
      });
      await long.runUntilEmpty();
      order.unshift("long");
      t.is(await waiting, "other after 2");
      t.deepEqual(order, ["long", "other"]);
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
