/** One life of a machine after the other, and the polite way to end one. */
import test from "ava";

import { echo, forgivingWorld, ipA, ipB, port, worldOf } from "./support.ts";

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
