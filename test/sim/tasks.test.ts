/** Tasks in a simulated world: within the step, within the life. */
import test from "ava";

import { forgivingWorld, ipA, ipB, worldOf } from "./support.ts";

test.serial(
  "defer runs within the step, after the jobs that were ready, and takes no time and no event",
  async (t) => {
    const world = worldOf();
    const notes: string[] = [];
    world.boot(ipA, ({ tasks }) => {
      queueMicrotask(() => notes.push("a job that was ready"));
      tasks.defer(() => notes.push(`deferred in step ${world.steps}`));
      notes.push(`now in step ${world.steps}`);
    });
    world.boot(ipB, () => notes.push(`another in step ${world.steps}`));
    await world.runUntilEmpty();
    t.deepEqual(notes, [
      "now in step 1",
      "a job that was ready",
      "deferred in step 1",
      "another in step 2",
    ]);
    t.is(world.nowMs, 0);
  },
);

test.serial(
  "yieldNow lets every other event of the instant go first",
  async (t) => {
    const world = worldOf();
    const notes: string[] = [];
    for (const ip of [ipA, ipB]) {
      world.boot(ip, async ({ tasks }) => {
        for (let turn = 0; turn < 3; turn += 1) {
          notes.push(`${ip} ${turn}`);
          await tasks.yieldNow();
        }
      });
    }
    await world.runUntilEmpty();
    t.deepEqual(
      notes,
      [0, 1, 2].flatMap((turn) => [`${ipA} ${turn}`, `${ipB} ${turn}`]),
    );
    t.is(world.nowMs, 0);
  },
);

test.serial(
  "a task that obeys the process's shutdown is no crash; one that fails by itself is",
  async (t) => {
    for (const obeys of [true, false]) {
      const { world, crashes } = forgivingWorld();
      world.boot(ipA, ({ tasks, time }) => {
        tasks.spawn("worker", async (signal) => {
          await time.sleep(60_000, { signal }).catch((reason: unknown) => {
            throw obeys ? reason : new Error("it failed by itself");
          });
        });
      });
      world.time.schedule(10, () => world.stop(ipA));
      await world.runUntilEmpty();
      t.deepEqual(
        crashes.map(({ error }) => (error as Error).message),
        obeys ? [] : ["it failed by itself"],
      );
      t.is(world.isAlive(ipA), obeys);
      t.is(world.nowMs, 10);
    }
  },
);

test.serial(
  "a task that is spawned after the shutdown finds its signal fired",
  async (t) => {
    const world = worldOf();
    world.boot(ipA, async ({ tasks, time }) => {
      await time.sleep(10);
      await tasks
        .spawn("late", async (signal) => t.true(signal.aborted))
        .join();
    });
    world.time.schedule(5, () => world.stop(ipA));
    await world.runUntilEmpty();
  },
);

test.serial(
  "a task that has ended listens to the shutdown no more",
  async (t) => {
    const world = worldOf();
    let aborted = false;
    world.boot(ipA, async ({ tasks }) => {
      await tasks
        .spawn("short", async (signal) => {
          signal.addEventListener("abort", () => (aborted = true));
        })
        .join();
    });
    await world.runUntilEmpty();
    world.stop(ipA);
    await world.runUntilEmpty();
    t.false(aborted);
  },
);

test.serial(
  "tasks of a killed process end without a word, also the one that is being joined",
  async (t) => {
    const world = worldOf();
    const notes: string[] = [];
    world.boot(ipA, async ({ tasks, time }) => {
      const note = (what: string) => (): void => void notes.push(what);
      const task = tasks.spawn("worker", async (signal) => {
        signal.addEventListener("abort", note("its signal"));
        await time.sleep(20).finally(note("its finally"));
      });
      await task.join().finally(note("the joiner"));
    });
    world.time.schedule(10, () => world.kill(ipA));
    await world.runUntilEmpty();
    t.deepEqual(notes, []);
    t.is(world.nowMs, 10);
  },
);

/** Work that is begun without the provider, by calling an async function and going on. */
function begin(work: () => Promise<void>): void {
  work().catch((error: unknown) => {
    throw error;
  });
}

test.serial(
  "a bare async call belongs to its process: it dies with it, while others go on",
  async (t) => {
    const world = worldOf();
    const notes: string[] = [];
    for (const ip of [ipA, ipB]) {
      world.boot(ip, async ({ time }) => {
        begin(async () => {
          try {
            for (;;) {
              await time.sleep(4);
              notes.push(`${ip} at ${time.now()}`);
              if (time.now() > 15) return;
            }
          } finally {
            notes.push(`${ip} is through`);
          }
        });
        await time.sleep(1);
      });
    }
    world.time.schedule(10, () => world.kill(ipA));
    await world.runUntilEmpty();
    t.deepEqual(notes, [
      ...[`${ipA} at 4`, `${ipB} at 4`, `${ipA} at 8`, `${ipB} at 8`],
      ...[`${ipB} at 12`, `${ipB} at 16`, `${ipB} is through`],
    ]);
    t.is(world.ghostCalls, 0);
  },
);

test.serial(
  "what a bare async call throws is the crash of its process, and of no other",
  async (t) => {
    const { world, crashes } = forgivingWorld();
    const notes: string[] = [];
    world.boot(ipB, async ({ time }) => {
      await time.sleep(10);
      notes.push("the other goes on");
    });
    world.boot(ipA, async ({ time }) => {
      begin(async () => {
        await time.sleep(5);
        throw new Error("nobody awaits this");
      });
      await time.sleep(100);
      notes.push("its process goes on");
    });
    await world.runUntilEmpty();
    t.deepEqual(
      crashes.map(({ ip, atMs, error }) => [ip, atMs, String(error)]),
      [[ipA, 5, "Error: nobody awaits this"]],
    );
    t.deepEqual(notes, ["the other goes on"]);
  },
);
