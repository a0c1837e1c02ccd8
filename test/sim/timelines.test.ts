import test from "ava";

import {
  simFaults,
  SimWorld,
  stateKey,
  timelineKey,
  type SimFaultEvent,
  type StateHandle,
  type Timeline,
  type TimelineEntry,
} from "../../src/sim/index.ts";

const leader = stateKey<string>("leader");
const steps = timelineKey<string>("steps");
const notes = timelineKey<string>("notes");

const here = "10.0.1.1";
const there = "10.0.1.2";

test.serial(
  "a timeline orders its entries, and those of other timelines with them, by when they happened",
  async (t) => {
    const world = new SimWorld({ seed: 1 });
    for (const [ip, ms] of [
      [there, 5],
      [here, 3],
    ] as const) {
      world.boot(ip, async ({ time, state }) => {
        state.timeline(steps).emit("boots");
        await time.sleep(ms);
        state.timeline(notes).emit("slept");
        state.timeline(steps).emit("goes on");
      });
    }
    await world.runUntilEmpty();
    const told = (entries: readonly TimelineEntry<string>[]): string[] =>
      entries.map(
        ({ seq, atMs, source, event }) => `${seq} ${atMs} ${source} ${event}`,
      );
    const { state } = world;
    t.deepEqual(told(state.timeline(steps).since()), [
      `1 0 ${there} boots`,
      `2 0 ${here} boots`,
      `4 3 ${here} goes on`,
      `6 5 ${there} goes on`,
    ]);
    t.deepEqual(told(state.timeline(notes).since()), [
      `3 3 ${here} slept`,
      `5 5 ${there} slept`,
    ]);
    t.is(state.timeline(steps).length, 4);
    t.is(state.timeline(steps).last?.seq, 6);
    t.deepEqual(told(state.timeline(steps).since(3)), [`6 5 ${there} goes on`]);
    world.end();
  },
);

test.serial(
  "a timeline keeps what a killed process put down, and takes nothing more from it",
  async (t) => {
    const world = new SimWorld({ seed: 1 });
    const kept: StateHandle[] = [];
    world.boot(here, ({ state }) => {
      kept.push(state);
      state.timeline(steps).emit("alive");
      state.publish(leader, here);
    });
    await world.runUntilEmpty();
    world.kill(here);
    await world.runUntilEmpty();
    const line: Timeline<string> | undefined = kept[0]?.timeline(steps);
    line?.emit("from the grave");
    kept[0]?.publish(leader, "nobody");
    const { state } = world;
    t.deepEqual(
      state
        .timeline(steps)
        .since()
        .map(({ event }) => event),
      ["alive"],
    );
    t.is(state.get(leader), here);
    t.is(world.ghostCalls, 2);
    world.end();
  },
);

test.serial(
  "the timeline of faults says what struck, when and where, and goes on counting what it no longer keeps",
  async (t) => {
    const world = new SimWorld({ seed: 1 });
    await world.run(async () => {
      await world.time.sleep(7);
      world.network.partition(here, there);
      world.network.clog({ from: here });
      world.stall(here, 1);
      await world.time.sleep(1);
      world.network.heal(there, here);
      world.network.clog({ to: there }, 1);
      await world.time.sleep(1);
      world.calm();
    });
    const faults: Timeline<SimFaultEvent> = world.state.timeline(simFaults);
    t.deepEqual(
      faults
        .since()
        .map(
          ({ atMs, event: { kind, targets } }) =>
            `${atMs} ${kind} ${targets.join(" ")}`,
        ),
      [
        ...[`7 partition ${here} ${there}`, `7 send clog ${here}`],
        ...[`8 healed ${there} ${here}`, `8 healed ${here} ${there}`],
        ...[`8 receive clog ${there}`, `9 unclogged ${there}`],
        `9 unclogged ${here}`,
      ],
      "nobody lives there, so nobody was stalled",
    );
    for (let number = 0; number < 5_000; number += 1)
      world.faults.count("pebble", here);
    t.is(faults.length, 5_007);
    t.is(world.faults.counts.get("pebble"), 5_000);
    t.true(faults.since().length <= 2_000);
    world.end();
  },
);
