/** Who may kill whom, when it takes effect, and what comes after. */
import test from "ava";

import { acquire } from "./handle-calls.ts";
import { forgivingWorld, ipA, ipB, worldOf } from "./support.ts";

test.serial("kill tells whether somebody lived there", async (t) => {
  const world = worldOf();
  t.false(world.kill(ipB), "nobody ever lived there");
  world.boot(ipB, () => undefined);
  t.true(world.isAlive(ipB));
  t.true(world.kill(ipB));
  t.false(world.isAlive(ipB));
  t.false(world.kill(ipB), "twice");
  await world.runUntilEmpty();
  t.false(world.kill(ipB));
});

test.serial(
  "a process that is killed before it booted never begins",
  async (t) => {
    const world = worldOf();
    world.boot(ipB, () => t.fail("it was dead by then"));
    world.kill(ipB);
    await world.runUntilEmpty();
    t.is(world.steps, 1, "only its death happened");
  },
);

test.serial(
  "a process that kills itself ends its step with inert handles, and is gone with the next event",
  async (t) => {
    const world = worldOf();
    const notes: string[] = [];
    world.boot(ipB, async ({ time, storage }) => {
      time.schedule(0, () => notes.push("the next event of that instant"));
      await Promise.resolve();
      world.kill(ipB);
      notes.push("the rest of the step");
      await Promise.resolve();
      notes.push("its jobs");
      const pending = world.pending;
      time.schedule(1, () => notes.push("a timer of the dead"));
      t.is(world.pending, pending);
      t.is(world.ghostCalls, 1);
      await storage.exists("file");
      notes.push("after a wait");
    });
    await world.runUntilEmpty();
    t.deepEqual(notes, ["the rest of the step", "its jobs"]);
    t.is(world.ghostCalls, 2);
  },
);

test.serial(
  "a process may kill another in the middle of its own step, and goes on",
  async (t) => {
    const world = worldOf();
    const notes: string[] = [];
    world.boot(ipB, async ({ time }) => {
      time.schedule(10, () => notes.push("at that instant, but earlier"));
      time.schedule(11, () => notes.push("afterwards"));
      await time.sleep(9.8);
      time.schedule(0.2, () => notes.push("at that instant, but later"));
    });
    world.boot(ipA, async ({ time }) => {
      await time.sleep(9.5);
      await time.sleep(0.5);
      world.kill(ipB);
      notes.push("the killer goes on");
      await time.sleep(10);
      notes.push("and on");
    });
    await world.runUntilEmpty();
    t.deepEqual(notes, [
      "at that instant, but earlier",
      "the killer goes on",
      "and on",
    ]);
  },
);

test.serial(
  "a crash reports who, which life, when and why, and only once",
  async (t) => {
    const { world, crashes } = forgivingWorld();
    const failure = new Error("on purpose");
    for (const life of [1, 2]) {
      world.boot(ipB, async ({ time }) => {
        await time.sleep(2.5);
        throw failure;
      });
      await world.runUntilEmpty();
      t.deepEqual(crashes.at(-1), {
        ip: ipB,
        life,
        error: failure,
        atMs: life * 2.5,
      });
    }
    t.is(crashes.length, 2);
  },
);

test.serial("a kill leaves nothing of the process pending", async (t) => {
  const world = worldOf();
  await world.run(async () => {
    const { providers, listener, connection, file } = await acquire(world);
    const waits = [
      providers.time.sleep(1e9),
      listener.accept(),
      connection.read(),
      file.sync(),
    ];
    providers.time.schedule(1e9, () => t.fail("a timer of the dead"));
    for (const wait of waits)
      wait.then(
        () => t.fail("a wait of the dead"),
        () => t.fail("a wait of the dead"),
      );
    world.kill(ipB);
    await world.time.sleep(100);
    t.is(world.pending, 0);
  });
});
