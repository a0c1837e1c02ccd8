/** What seeds took, one by one and on average, failed ones included. */
import test from "ava";

import {
  averageMetrics,
  SimulationBuilder,
  successRate,
  type FaultInjector,
  type SimulationMetrics,
} from "../../src/runner/index.ts";
import { workload } from "./support.ts";

const noting: FaultInjector = {
  name: "noting",
  inject: ({ note }) => Promise.resolve(note("noted")),
};

test.serial(
  "each seed has metrics, a failed one like any other, and their average is told",
  async (t) => {
    let seeds = 0;
    const report = await new SimulationBuilder()
      .workload(
        workload({
          run: async ({ time, random }) => {
            seeds += 1;
            await time.sleep(seeds === 1 ? 1_000 : 3_000);
            random.bool();
            if (seeds > 1) throw new Error("late");
          },
        }),
      )
      .fault(noting)
      .settle({ withinMs: 0 })
      .run({ seeds: [3, 8], rerunShare: 0 });
    const [first, second] = [...report.metrics.values()] as [
      SimulationMetrics,
      SimulationMetrics,
    ];
    t.deepEqual([...report.metrics.keys()], [3, 8]);
    t.like(first, { simulatedMs: 1_000, faults: 1 });
    t.like(second, { simulatedMs: 3_000, faults: 1 });
    t.true(first.draws > 0 && first.wallMs > 0 && second.wallMs > 0);
    t.is(first.events + second.events, report.events);
    const average = averageMetrics(report);
    t.like(average, { simulatedMs: 2_000, faults: 1 });
    t.is(average.events, report.events / 2);
    t.is(average.draws, (first.draws + second.draws) / 2);
    t.is(successRate(report), 0.5);
  },
);

test.serial(
  "a run of no seeds has no success and averages of nothing",
  async (t) => {
    const report = await new SimulationBuilder()
      .workload(workload())
      .run({ seeds: 3, signal: AbortSignal.abort() });
    t.is(successRate(report), 0);
    t.deepEqual(averageMetrics(report), {
      ...{ wallMs: 0, simulatedMs: 0, events: 0, draws: 0, faults: 0 },
    });
  },
);
