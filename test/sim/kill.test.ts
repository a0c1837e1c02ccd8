/** Who may kill whom, when it takes effect, and what comes after. */
import test from "ava";

import { acquire } from "./handle-calls.ts";
import { echo, forgivingWorld, ipA, ipB, port, worldOf } from "./support.ts";

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
  "a dead address comes to life again, with another life's number, handles and chance",
  async (t) => {
    const world = worldOf();
    const first = world.providers(ipB);
    const draws = [first.random.uint32(), first.random.uint32()];
    const incarnation = world.boot(ipB, () => undefined);
    t.deepEqual(
      [incarnation.life, incarnation.name, incarnation.alive],
      [1, ipB, true],
    );
    world.kill(ipB);
    t.false(incarnation.alive);
    const next = world.boot(ipB, ({ time }) => time.sleep(1));
    t.deepEqual(
      [next.life, next.name, next.alive],
      [2, `${ipB} (life 2)`, true],
    );
    t.true(next.id > incarnation.id);
    t.not(world.providers(ipB), first);
    const { random } = world.providers(ipB);
    t.notDeepEqual([random.uint32(), random.uint32()], draws);
    await world.runUntilEmpty();
  },
);

test.serial("the next life may have the dead one's port at once", async (t) => {
  const world = worldOf({ network: { bindMs: [0, 0] } });
  const bound: string[] = [];
  const listen =
    (life: string) =>
    async ({ network }: ReturnType<typeof world.providers>) => {
      await network.bind(`${ipB}:${port}`);
      bound.push(`${life} at ${world.nowMs}`);
    };
  world.boot(ipB, listen("first"));
  world.time.schedule(10, () => {
    world.kill(ipB);
    world.boot(ipB, listen("second"));
  });
  await world.runUntilEmpty();
  t.deepEqual(bound, ["first at 0", "second at 10"]);
});

test.serial(
  "a process may be killed and booted a hundred times in one instant",
  async (t) => {
    const { world, crashes } = forgivingWorld();
    for (let life = 1; life <= 100; life += 1) {
      t.is(world.boot(ipB, echo).life, life);
      if (life < 100) world.kill(ipB);
    }
    await world.runUntilEmpty();
    t.deepEqual(crashes, []);
    const client = await world.run(() =>
      world.providers(ipA).network.connect(`${ipB}:${port}`),
    );
    t.is(client.remote.key, `${ipB}:${port}`);
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

test.serial(
  "stop fires the shutdown signal once, in a step of the process; it may go on",
  async (t) => {
    const world = worldOf();
    const notes: string[] = [];
    world.boot(ipB, async ({ time }, { shutdown }) => {
      shutdown.addEventListener("abort", () => {
        notes.push((shutdown.reason as Error).message);
        time.schedule(1, () => notes.push("goes on"));
      });
    });
    world.stop("10.9.9.9");
    await world.runUntilEmpty();
    world.stop(ipB);
    world.stop(ipB);
    t.deepEqual(notes, [], "not before its event");
    await world.runUntilEmpty();
    t.deepEqual(notes, ["the process is asked to stop", "goes on"]);
    t.true(world.isAlive(ipB));
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
