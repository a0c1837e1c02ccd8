/** How many seeds a run tries: what the builder was told, what `run` is given, and what ends it sooner. */
import test from "ava";

import { assertAlways, assertSometimes } from "../../src/assertions/index.ts";
import {
  SimulationBuilder,
  type IterationControl,
  type SimulationReport,
} from "../../src/runner/index.ts";
import { isSimulationError, SimulationError } from "../../src/sim/index.ts";
import { failures, prints, workload } from "./support.ts";

const builder = (): SimulationBuilder =>
  new SimulationBuilder("iterations")
    .withoutChecks()
    .workload(
      workload({ run: (ctx) => Promise.resolve(void ctx.random.uint32()) }),
    );
const seedsOf = (report: SimulationReport): number[] => [
  ...report.fingerprints.keys(),
];

test.serial(
  "iterations says how many seeds there are, or which, unless run does",
  async (t) => {
    const three = builder().iterations({ seeds: 3 });
    t.is((await three.run()).total, 3);
    t.is(seedsOf(await three.run({ seeds: 2 })).length, 2);
    const listed = await builder()
      .iterations({ seeds: [8, 6] })
      .run();
    t.deepEqual(seedsOf(listed), [8, 6]);
    t.like(listed, { base: undefined, total: 2, ended: "finished" });
  },
);

test.serial(
  "a time limit alone runs seeds until its time is up, one at least, and judges the whole",
  async (t) => {
    const once = await builder()
      .requireFaults("crash")
      .run({ timeLimitMs: 1e-9 });
    t.is(seedsOf(once).length, 1);
    t.like(once, { total: Infinity, ended: "time_limit" });
    t.deepEqual(once.problems, ["no crash happened in any seed"]);
    const stop = new AbortController();
    const many = await builder()
      .iterations({ timeLimitMs: 1e9 })
      .run({
        signal: stop.signal,
        onProgress: (done) => void (done === 150 && stop.abort()),
      });
    t.is(seedsOf(many).length, 150);
    t.is(many.ended, "aborted");
  },
);

test.serial(
  "seeds and a time limit together end with whichever comes first",
  async (t) => {
    const slow = await builder().run({ seeds: 4, timeLimitMs: 1e9 });
    t.like(slow, { total: 4, ended: "finished" });
    t.is(seedsOf(slow).length, 4);
    const short = await builder().run({ seeds: 400, timeLimitMs: 1e-9 });
    t.like(short, { total: 400, ended: "time_limit" });
    t.is(seedsOf(short).length, 1);
  },
);

test.serial("a run that failures end says so", async (t) => {
  const failing = new SimulationBuilder()
    .withoutChecks()
    .workload(workload({ run: () => Promise.reject(new Error("no")) }));
  t.is((await failing.run({ seeds: 9, failuresMax: 2 })).ended, "failures_max");
  t.is((await failing.run({ seeds: 2, failuresMax: 2 })).ended, "finished");
});

test.serial(
  "debug seeds are run first and in addition, and not where seeds are listed",
  async (t) => {
    const debugging = builder().debugSeeds([71, 72]);
    const report = await debugging.run({ seeds: 2, base: 5 });
    t.deepEqual(seedsOf(report).slice(0, 3), [71, 72, 5]);
    t.is(report.total, 4);
    t.deepEqual(seedsOf(await debugging.run({ seeds: [1] })), [1]);
  },
);

test.serial(
  "replayRecipe runs that timeline alone, steered as it says",
  async (t) => {
    const recipe = [{ count: 1, seed: 99 }];
    const twice = (): SimulationBuilder =>
      builder().workload(
        workload({ run: ({ random }) => Promise.resolve(void random.bool()) }),
      );
    const straight = await twice().run({ seeds: [4] });
    const steered = await twice().run({ seeds: [4], recipe });
    const replayed = await twice().replayRecipe({ seed: 4, recipe }).run();
    t.deepEqual(seedsOf(replayed), [4]);
    t.deepEqual(prints(replayed), prints(steered));
    t.notDeepEqual(prints(replayed), prints(straight));
  },
);

test.serial(
  "a builder that replays a timeline refuses runs of another",
  async (t) => {
    const replaying = builder().replayRecipe({ seed: 4, recipe: [] });
    for (const options of [{ seeds: 3 }, { base: 1 }, { timeLimitMs: 5 }]) {
      const error = await t.throwsAsync(replaying.run(options), {
        instanceOf: SimulationError,
      });
      t.like(error, {
        code: "bad_option",
        details: { option: "replayRecipe" },
      });
    }
  },
);

test.serial(
  "beforeIteration is called before the world of every seed, of a failed one's re-run too",
  async (t) => {
    const told: number[] = [];
    let left = 0;
    const report = await new SimulationBuilder()
      .withoutChecks()
      .workload(
        workload({
          run: ({ random }) => {
            left += 1;
            assertAlways(left === 1, "no other seed left anything behind");
            assertSometimes(random.bool(), "seen");
            return Promise.reject(new Error("fails"));
          },
        }),
      )
      .beforeIteration(async (seed) => {
        await Promise.resolve();
        left = 0;
        told.push(seed);
      })
      .run({ seeds: [3, 9] });
    t.deepEqual(told, [3, 3, 9, 9]);
    t.deepEqual(
      failures(report),
      Array(2).fill("workload: work.run: Error: fails"),
    );
  },
);

test.serial("what beforeIteration throws ends the run", async (t) => {
  const run = builder()
    .beforeIteration(() => {
      throw new TypeError("cannot clear");
    })
    .run({ seeds: 1 });
  await t.throwsAsync(run, { instanceOf: TypeError, message: "cannot clear" });
});

test.serial(
  "seeds that take longer than seedWarningMs are in the report, and no failure",
  async (t) => {
    const slow = await builder()
      .seedWarningMs(0)
      .run({ seeds: [7, 8] });
    t.deepEqual(
      slow.slowSeeds.map(({ seed }) => seed),
      [7, 8],
    );
    t.true(slow.success && slow.slowSeeds.every(({ wallMs }) => wallMs > 0));
    const quick = await builder().seedWarningMs(1e9).run({ seeds: 2 });
    t.deepEqual(quick.slowSeeds, []);
    t.deepEqual((await builder().run({ seeds: 2 })).slowSeeds, []);
  },
);

test.serial(
  "a seed ends at its budget of simulated time, is stuck, and the next one is run",
  async (t) => {
    const busy = (): SimulationBuilder =>
      new SimulationBuilder()
        .withoutChecks()
        .workload(workload({ run: ({ time }) => time.sleep(5_000) }))
        .phases({ chaosMs: 10_000 });
    const cut = await busy()
      .runTimeBudgetMs(4_000)
      .run({ seeds: [1, 2] });
    t.is(cut.simulatedMs, 8_000);
    t.deepEqual(
      failures(cut),
      Array(2).fill(
        "stuck: chaos was not over when the 4000 ms were that runTimeBudgetMs gives a seed",
      ),
    );
    const enough = await busy()
      .runTimeBudgetMs(7_000)
      .run({ seeds: [1] });
    t.deepEqual(failures(enough), []);
    t.is(enough.simulatedMs, 6_000);
  },
);

test.serial(
  "a simulation without processes and workloads is refused",
  async (t) => {
    const error = await t.throwsAsync(
      new SimulationBuilder("nothing").withoutChecks().run({ seeds: 1 }),
    );
    t.true(isSimulationError(error, "bad_option"));
    t.regex(
      error.message,
      /"nothing" has no processes and no workloads: a run of nothing could not fail/,
    );
  },
);

const mistakes: [what: string, call: () => unknown, option: string][] = [
  ["no seeds", () => builder().iterations({ seeds: 0 }), "seeds"],
  ["an empty list", () => builder().iterations({ seeds: [] }), "seeds"],
  ["no time", () => builder().iterations({ timeLimitMs: 0 }), "timeLimitMs"],
  [
    "another option",
    () => builder().iterations({ seed: 1 } as IterationControl),
    "seed",
  ],
  ["a negative warning", () => builder().seedWarningMs(-1), "seedWarningMs"],
  ["no budget", () => builder().runTimeBudgetMs(NaN), "runTimeBudgetMs"],
];
for (const [what, call, option] of mistakes) {
  test(`the builder refuses ${what} for ${option}`, (t) => {
    const error = t.throws(call, { instanceOf: SimulationError });
    t.like(error, { code: "bad_option", details: { option } });
  });
}

test("the builder refuses debug seeds and recipes whose seed is none", (t) => {
  for (const call of [
    () => builder().debugSeeds([1, -2]),
    () => builder().replayRecipe({ seed: -2, recipe: [] }),
  ])
    t.like(t.throws(call), { code: "bad_seed", details: { seed: -2 } });
});
