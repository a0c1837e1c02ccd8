/** Which seeds a run tries, when it stops, and what it tells on the way. */
import test from "ava";

import { assertAlways } from "../../src/assertions/index.ts";
import {
  SimulationBuilder,
  type SimulationReport,
} from "../../src/runner/index.ts";
import { busyFor, workload } from "./support.ts";

/** A simulation of one draw a seed, which fails in those seeds for which `fails` says so. */
function drawing(
  fails: (count: number) => boolean = () => false,
): SimulationBuilder {
  let count = 0;
  return new SimulationBuilder("drawing").workload(
    workload({
      run: (ctx) => {
        ctx.random.uint32();
        return Promise.resolve(
          assertAlways(!fails((count += 1)), "it does not fail"),
        );
      },
    }),
  );
}

const seedsOf = (report: SimulationReport): number[] => [
  ...report.fingerprints.keys(),
];

test.serial(
  "the same base derives the same seeds, and more seeds begin with the fewer",
  async (t) => {
    const [few, again, many] = [
      await drawing().run({ seeds: 5, base: 77 }),
      await drawing().run({ seeds: 5, base: 77 }),
      await drawing().run({ seeds: 9, base: 77 }),
    ];
    t.is(few.base, 77);
    t.is(seedsOf(few).length, 5);
    t.deepEqual(seedsOf(again), seedsOf(few));
    t.deepEqual(seedsOf(many).slice(0, 5), seedsOf(few));
    t.deepEqual(again.fingerprints, few.fingerprints);
  },
);

test.serial(
  "the first derived seed is the base itself, so that a run of one seed is that seed",
  async (t) => {
    t.deepEqual(
      seedsOf(await drawing().run({ seeds: 1, base: 8124330917 })),
      [8124330917],
    );
  },
);

test.serial(
  "derived seeds are safe integers that do not repeat, and neighbouring bases share none",
  async (t) => {
    const all: number[] = [];
    for (const base of [0, 1, 2, 3, 2 ** 32, Number.MAX_SAFE_INTEGER]) {
      all.push(...seedsOf(await drawing().run({ seeds: 500, base })));
    }
    t.true(all.every((seed) => Number.isSafeInteger(seed) && seed >= 0));
    t.is(new Set(all).size, 3_000);
  },
);

test.serial(
  "without a base one is drawn, and reported so that the run can be repeated",
  async (t) => {
    const [one, two] = [
      await drawing().run({ seeds: 2 }),
      await drawing().run({ seeds: 2 }),
    ];
    t.not(one.base, two.base);
    t.deepEqual(
      (await drawing().run({ seeds: 2, base: one.base as number }))
        .fingerprints,
      one.fingerprints,
    );
  },
);

test.serial(
  "a list names exactly the seeds to run, in its order",
  async (t) => {
    t.deepEqual(seedsOf(await drawing().run({ seeds: [9, 3, 5] })), [9, 3, 5]);
  },
);

test.serial(
  "a hundred seeds are run unless the caller says otherwise",
  async (t) => {
    t.is(seedsOf(await drawing().run()).length, 100);
  },
);

test.serial(
  "a run stops after failuresMax failed seeds, ten by default",
  async (t) => {
    // Each failed seed is run twice.
    const stopped = await drawing((count) => count > 3).run({
      seeds: 100,
      failuresMax: 2,
    });
    t.is(stopped.failed.length, 2);
    t.is(seedsOf(stopped).length, 5);
    const byDefault = await drawing(() => true).run({ seeds: 100 });
    t.is(byDefault.failed.length, 10);
    t.deepEqual(
      byDefault.failed.map(({ seed }) => seed),
      seedsOf(byDefault),
    );
  },
);

test.serial(
  "progress is told before the first seed and after each one",
  async (t) => {
    const told: string[] = [];
    const onProgress = (
      done: number,
      total: number,
      report: SimulationReport,
    ): void => {
      told.push(
        `${done}/${total}, ${report.fingerprints.size} seeds, ${report.failed.length} failed, ${report.problems.length}`,
      );
    };
    await drawing((count) => count === 2 || count === 3)
      .requireFaults("crash")
      .run({ seeds: 3, onProgress });
    t.deepEqual(told, [
      "0/3, 0 seeds, 0 failed, 0",
      "1/3, 1 seeds, 0 failed, 0",
      "2/3, 2 seeds, 1 failed, 0",
      "3/3, 3 seeds, 1 failed, 0",
    ]);
  },
);

test.serial(
  "a signal ends the run after the seed that is running, and that is no problem of the rest",
  async (t) => {
    const stop = new AbortController();
    const report = await drawing()
      .requireFaults("crash")
      .run({
        seeds: 50,
        signal: stop.signal,
        onProgress: (done) => void (done === 4 && stop.abort()),
      });
    t.is(seedsOf(report).length, 4);
    t.deepEqual(report.problems, []);
    t.true(report.success);
  },
);

test.serial("a signal that has fired lets no seed run", async (t) => {
  t.is(
    seedsOf(await drawing().run({ seeds: 50, signal: AbortSignal.abort() }))
      .length,
    0,
  );
});

test.serial(
  "runs at the same time wait for each other's worlds and change nothing in them",
  async (t) => {
    const simulation = (): SimulationBuilder => drawing().workload(busyFor(50));
    const alone = await simulation().run({ seeds: 20, base: 5 });
    const together = await Promise.all(
      [1, 2, 3].map(() => simulation().run({ seeds: 20, base: 5 })),
    );
    for (const report of together)
      t.deepEqual(report.fingerprints, alone.fingerprints);
  },
);

test.serial(
  "a report adds up events and simulated time of all seeds",
  async (t) => {
    const simulation = new SimulationBuilder("sums").workload(busyFor(500));
    const [one, three] = [
      await simulation.run({ seeds: [1] }),
      await simulation.run({ seeds: [1, 2, 3] }),
    ];
    t.is(one.simulatedMs, 1_500);
    t.is(three.simulatedMs, 4_500);
    t.true(one.events > 3);
    t.is(three.events, one.events * 3);
    t.true(three.wallMs > 0);
  },
);
