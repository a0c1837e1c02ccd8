/** Clocks of simulated processes: exact, drifted, and in whole microseconds. */
import test from "ava";

import { worldEpochMs } from "../../src/sim/index.ts";
import { ipA, ipB, worldOf } from "./support.ts";

const delays: readonly [askedMs: number, sleptMicros: number][] = [
  [0, 0],
  [0.0001, 1],
  [0.001, 1],
  [0.0011, 2],
  [1, 1_000],
  [1.5, 1_500],
  [1 / 3, 334],
  [86_400_000, 86_400_000_000],
];
for (const [askedMs, sleptMicros] of delays) {
  test.serial(
    `a sleep of ${askedMs} ms takes ${sleptMicros} microseconds`,
    async (t) => {
      const world = worldOf();
      await world.run(() => world.providers(ipA).time.sleep(askedMs));
      t.is(Math.round(world.nowMs * 1_000), sleptMicros);
    },
  );
}

test.serial(
  "time passes only in steps: a program that computes sees one instant",
  async (t) => {
    const world = worldOf();
    await world.run(async () => {
      const { time } = world.providers(ipA);
      await time.sleep(3);
      const seen = Array.from({ length: 1_000 }, () =>
        [time.now(), time.wallClock()].join(),
      );
      t.is(new Set(seen).size, 1);
      t.is(time.now(), 3);
      t.is(time.wallClock(), worldEpochMs + 3);
      t.is(world.time.now(), 3);
    });
  },
);

test("the world begins with the year 2026", (t) => {
  t.is(worldEpochMs, Date.UTC(2026, 0, 1));
});

test.serial("without drift timer() is now()", async (t) => {
  const world = worldOf();
  await world.run(async () => {
    const { time } = world.providers(ipA);
    for (let turn = 0; turn < 50; turn += 1) {
      await time.sleep(turn);
      t.is(time.timer(), time.now());
    }
  });
  t.is(world.draws, 0);
});

test.serial(
  "timer() is never behind now(), never farther ahead than it may, and never goes back",
  async (t) => {
    for (let seed = 0; seed < 50; seed += 1) {
      const clockDriftMaxMs = 1 + seed;
      const world = worldOf({ seed, clockDriftMaxMs });
      await world.run(async () => {
        const { time, random } = world.providers(ipA);
        let last = 0;
        let aheadMost = 0;
        for (let turn = 0; turn < 200; turn += 1) {
          if (random.bool(0.3))
            await time.sleep(random.ratio() * 3 * clockDriftMaxMs);
          const [now, timer] = [time.now(), time.timer()];
          t.true(timer >= now, `${now - timer} ms behind`);
          t.true(
            timer <= now + clockDriftMaxMs,
            `${timer - now} ms ahead, and ${clockDriftMaxMs} is the most`,
          );
          t.true(timer >= last, `${last - timer} ms back`);
          last = timer;
          aheadMost = Math.max(aheadMost, timer - now);
        }
        t.true(
          aheadMost > clockDriftMaxMs / 2,
          `${aheadMost} of ${clockDriftMaxMs} ms: it does drift`,
        );
      });
    }
  },
);

test.serial(
  "two machines drift apart, and the world's own clock does not drift",
  async (t) => {
    const world = worldOf({ clockDriftMaxMs: 100 });
    await world.run(async () => {
      const [a, b] = [world.providers(ipA).time, world.providers(ipB).time];
      t.not(a.timer(), b.timer());
      t.is(a.now(), b.now());
      t.is(world.time.timer(), world.time.now());
    });
  },
);

test.serial(
  "a timer that is cancelled neither fires nor advances time",
  async (t) => {
    const world = worldOf();
    world.boot(ipA, ({ time }) => {
      const timer = time.schedule(60_000, () => t.fail("it was cancelled"));
      time.schedule(1, () => {
        timer.cancel();
        timer.cancel();
      });
    });
    await world.runUntilEmpty();
    t.is(world.nowMs, 1);
  },
);

test.serial("a sleep that is aborted leaves no event behind", async (t) => {
  const world = worldOf();
  await world.run(async () => {
    const { time } = world.providers(ipA);
    const controller = new AbortController();
    const sleeping = time.sleep(60_000, { signal: controller.signal });
    t.is(world.pending, 1);
    controller.abort(new Error("enough"));
    await t.throwsAsync(sleeping, { message: "enough" });
    t.is(world.pending, 0);
  });
});

test.serial(
  "ties by chance shuffle what is due at one instant, and only that, the same for the same seed",
  async (t) => {
    const order = async (
      seed: number,
      tieBreak: "fifo" | "random",
    ): Promise<string> => {
      const world = worldOf({ seed, tieBreak });
      const seen: number[] = [];
      world.boot(ipA, ({ time }) => {
        for (let item = 0; item < 20; item += 1)
          time.schedule(item < 10 ? 1 : 2, () => seen.push(item));
      });
      await world.runUntilEmpty();
      t.deepEqual(
        seen.slice(0, 10).sort((left, right) => left - right),
        [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
      );
      return seen.join();
    };
    t.is(
      await order(1, "fifo"),
      Array.from({ length: 20 }, (_, item) => item).join(),
    );
    t.is(await order(1, "random"), await order(1, "random"));
    const orders = new Set<string>();
    for (let seed = 0; seed < 20; seed += 1)
      orders.add(await order(seed, "random"));
    t.is(orders.size, 20);
  },
);

test.serial(
  "calm ends the drift: timer() waits until now() has caught up, and never goes back",
  async (t) => {
    const world = worldOf({ clockDriftMaxMs: 100 });
    await world.run(async () => {
      const { time } = world.providers(ipA);
      for (let look = 0; look < 20; look += 1) time.timer();
      const ahead = time.timer();
      t.true(ahead > time.now() + 50);
      world.calm();
      const draws = world.draws;
      t.is(time.timer(), ahead);
      await time.sleep(30);
      t.is(time.timer(), ahead);
      await time.sleep(200);
      t.is(time.timer(), time.now());
      t.is(world.draws, draws, "nothing is drawn for a clock that is right");
      t.is(world.providers(ipB).time.timer(), world.nowMs);
      world.storm();
      t.true(time.timer() > time.now());
    });
  },
);

for (const clockDriftMaxMs of [-1, Number.NaN, Infinity]) {
  test.serial(`a drift of ${clockDriftMaxMs} ms is refused`, (t) => {
    t.throws(() => worldOf({ clockDriftMaxMs }), { code: "bad_option" });
  });
}
