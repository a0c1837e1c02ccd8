/** Clocks that are wrong, timers that are late, and processes that stand still. */
import test from "ava";

import { worldEpochMs } from "../../src/sim/index.ts";
import { connect, ipA, ipB, pattern, worldOf } from "./support.ts";

test.serial(
  "each machine's wall clock has a rate of its own, and now() has none",
  async (t) => {
    const world = worldOf({ clock: { ratePpmMax: 1_000 } });
    const [a, b] = [world.providers(ipA).time, world.providers(ipB).time];
    await world.run(() => world.time.sleep(1_000_000));
    t.is(a.now(), 1_000_000);
    t.is(b.now(), 1_000_000);
    const errors = [a, b].map(
      (time) => time.wallClock() - worldEpochMs - 1_000_000,
    );
    t.true(errors.every((error) => Math.abs(error) <= 1_000 && error !== 0));
    t.not(errors[0], errors[1]);
    t.is(world.faults.counts.get("clock rate"), 2);
    world.calm();
    const beforeMs = a.wallClock();
    await world.run(() => world.time.sleep(1_000));
    t.true(Math.abs(a.wallClock() - beforeMs - 1_000) < 0.001);
  },
);

test.serial(
  "a wall clock steps either way, as far as it may, and by hand",
  async (t) => {
    const world = worldOf({ clock: { stepEveryMs: 1_000, stepMaxMs: 500 } });
    const { time } = world.providers(ipA);
    const steps: number[] = [];
    await world.run(async () => {
      for (let turn = 0; turn < 1_000; turn += 1) {
        const beforeMs = time.wallClock();
        await time.sleep(100);
        const step = time.wallClock() - beforeMs - 100;
        if (Math.abs(step) > 0.001) steps.push(step);
      }
    });
    t.true(steps.length > 70 && steps.length < 130, `${steps.length}`);
    t.true(Math.min(...steps) < -300 && Math.max(...steps) > 300);
    t.true(steps.every((step) => Math.abs(step) <= 500));
    const other = world.providers(ipB).time;
    world.calm();
    const beforeMs = other.wallClock();
    world.clock(ipB).step(-7_000);
    t.is(other.wallClock() - beforeMs, -7_000);
  },
);

test.serial(
  "timers are late at times, by little nearly always, and never early",
  async (t) => {
    const world = worldOf({
      clock: { sleepDelayMaxMs: 100, sleepDelayProbability: 0.5 },
    });
    const { time } = world.providers(ipA);
    const lateness: number[] = [];
    await world.run(async () => {
      for (let turn = 0; turn < 4_000; turn += 1) {
        const startMs = time.now();
        await time.sleep(1);
        lateness.push(time.now() - startMs - 1);
      }
    });
    t.true(lateness.every((ms) => ms > -0.0001 && ms <= 100.01));
    const late = lateness.filter((ms) => ms > 1).length;
    t.true(late > 2 && late < 40, `${late} by more than 1 ms`);
    const counted = world.faults.counts.get("late timer") ?? 0;
    t.true(counted > 1_800 && counted < 2_200, `${counted}`);
  },
);

test.serial(
  "clocks are right and timers exact unless asked otherwise",
  async (t) => {
    const world = worldOf();
    const { time } = world.providers(ipA);
    await world.run(async () => {
      for (let turn = 0; turn < 100; turn += 1) await time.sleep(10);
    });
    t.is(time.now(), 1_000);
    t.is(time.wallClock(), worldEpochMs + 1_000);
    t.deepEqual([...world.faults.counts], []);
  },
);

for (const tieBreak of ["fifo", "random"] as const) {
  test.serial(
    `a process that stands still resumes late, in order, ties ${tieBreak}`,
    async (t) => {
      const world = worldOf({
        tieBreak,
        network: { latencyMs: [1, 1], readMs: [0, 0] },
      });
      await world.run(async () => {
        const { client, server } = await connect(world);
        const { time } = world.providers(ipA);
        const log: string[] = [];
        for (const ms of [5, 30, 10, 20])
          time.schedule(ms, () => log.push(`${ms}`));
        const doomed = time.schedule(25, () => log.push("cancelled"));
        time.schedule(15, () => doomed.cancel());
        const heard = server.read().then(() => log.push("bytes"));
        const startMs = world.nowMs;
        await world.time.sleep(1);
        t.true(world.stall(ipA, 499));
        await client.write(pattern(1));
        await world.time.sleep(498);
        t.deepEqual(log, [], "nothing happens to it");
        await heard;
        await world.time.sleep(1);
        t.deepEqual(log, ["bytes", "5", "10", "20", "30"]);
        t.is(Math.round(world.nowMs - startMs), 501);
      });
      t.is(world.faults.counts.get("stall"), 1);
    },
  );
}

test.serial(
  "calm lets those who stand still go on at once; the dead stay dead",
  async (t) => {
    const world = worldOf();
    await world.run(async () => {
      const log: string[] = [];
      for (const ip of [ipA, ipB]) {
        world.providers(ip).time.schedule(5, () => log.push(ip));
        world.stall(ip, 10_000);
      }
      await world.time.sleep(100);
      world.kill(ipB);
      world.calm();
      await world.time.sleep(1);
      t.deepEqual(log, [ipA]);
      t.false(world.stall("10.9.9.9", 1));
    });
  },
);
