/** setup, chaos, recovery, check: what happens when, and what is true by then. */
import test from "ava";

import {
  SimulationBuilder,
  type FaultInjector,
  type SimContext,
} from "../../src/runner/index.ts";
import { busyFor, failures, workload } from "./support.ts";

/** Writes down when chaos begins and when it is over. */
function chaosWatch(story: string[]): FaultInjector {
  return {
    name: "watch",
    async inject({ time, chaosShutdown }) {
      story.push(`${time.now()} chaos`);
      await new Promise((resolve) => {
        chaosShutdown.addEventListener("abort", resolve);
      });
      story.push(`${time.now()} calm`);
    },
  };
}

/** A step of a workload that takes its time, and is written down. */
function step(
  story: string[],
  what: string,
  ms: number,
): (ctx: SimContext) => Promise<void> {
  return async ({ name, time }) => {
    story.push(`${time.now()} ${name} ${what}`);
    await time.sleep(ms);
  };
}

test.serial(
  "a seed goes through setup, chaos, recovery and check, in this order",
  async (t) => {
    const story: string[] = [];
    const report = await new SimulationBuilder()
      .withoutChecks()
      .workload(
        workload({
          setup: step(story, "setup", 100),
          run: step(story, "run", 300),
          check: step(story, "check", 50),
        }),
      )
      .fault(chaosWatch(story))
      .run({ seeds: 1 });
    t.deepEqual(failures(report), []);
    t.deepEqual(story, [
      "0 work setup",
      "100 chaos",
      "100 work run",
      "400 calm",
      "400 work check",
    ]);
  },
);

test.serial(
  "nobody runs before everybody is set up, and nobody checks before everybody has run",
  async (t) => {
    const story: string[] = [];
    const parts = (ms: number) => ({
      setup: step(story, "setup", ms),
      run: step(story, "run", ms),
      check: step(story, "check", ms),
    });
    await new SimulationBuilder()
      .withoutChecks()
      .workload(workload(parts(10)))
      .workload(workload(parts(500)))
      .run({ seeds: 1 });
    t.deepEqual(story, [
      ...["0 work-0 setup", "0 work-1 setup"],
      ...["500 work-0 run", "500 work-1 run"],
      ...["1000 work-0 check", "1000 work-1 check"],
    ]);
  },
);

test.serial(
  "chaos ends as soon as all workloads have finished, and no sooner",
  async (t) => {
    const story: string[] = [];
    await new SimulationBuilder()
      .withoutChecks()
      .workload(busyFor(200))
      .workload(busyFor(3_000))
      .fault(chaosWatch(story))
      .phases({ chaosMs: 10_000 })
      .run({ seeds: 1 });
    t.deepEqual(story, ["0 chaos", "3000 calm"]);
  },
);

test.serial("the first workload to finish stops nobody", async (t) => {
  const ends: string[] = [];
  const ending = (ms: number) =>
    busyFor(ms, {
      run: async ({ name, time, stopped }) => {
        await time.sleep(ms);
        ends.push(`${name} ${time.now()} ${stopped}`);
      },
    });
  const report = await new SimulationBuilder()
    .withoutChecks()
    .workload(ending(1))
    .workload(ending(9_000))
    .run({ seeds: 1 });
  t.true(report.success);
  t.deepEqual(ends, ["work-0 1 false", "work-1 9000 false"]);
});

test.serial(
  "chaos ends after chaosMs, and workloads that go on for ever see it",
  async (t) => {
    const story: string[] = [];
    const run = async (ctx: SimContext): Promise<void> => {
      while (!ctx.chaosOver) await ctx.time.sleep(7);
      story.push(`${ctx.time.now()} seen`);
    };
    const report = await new SimulationBuilder()
      .withoutChecks()
      .workload(workload({ run }))
      .fault(chaosWatch(story))
      .phases({ chaosMs: 1_000 })
      .run({ seeds: 1 });
    t.true(report.success);
    t.deepEqual(story, ["0 chaos", "1000 calm", "1001 seen"]);
  },
);

test.serial(
  "processes of a simulation without workloads live through all of the chaos phase",
  async (t) => {
    const story: string[] = [];
    const report = await new SimulationBuilder()
      .withoutChecks()
      .processes("server", {}, () => undefined)
      .fault(chaosWatch(story))
      .phases({ chaosMs: 5_000 })
      .run({ seeds: 1 });
    t.true(report.success, "nobody demands a check where nobody has one");
    t.deepEqual(story, ["0 chaos", "5000 calm"]);
  },
);

test.serial(
  "processes run while workloads check, are asked to stop afterwards, and get a second for it",
  async (t) => {
    const story: string[] = [];
    const start = (ctx: SimContext): void => {
      ctx.shutdown.addEventListener("abort", () => {
        story.push(`${ctx.time.now()} asked to stop`);
        ctx.tasks.spawn("linger", async () => {
          for (;;) {
            await ctx.time.sleep(999);
            story.push(`${ctx.time.now()} lingers`);
          }
        });
      });
    };
    const report = await new SimulationBuilder()
      .withoutChecks()
      .processes("server", {}, start)
      .workload(busyFor(100, { check: step(story, "check", 400) }))
      .run({ seeds: 1 });
    t.is(report.simulatedMs, 1_500);
    t.deepEqual(story, ["100 work check", "500 asked to stop", "1499 lingers"]);
  },
);

test.serial("processes boot while workloads are set up", async (t) => {
  const booted: number[] = [];
  await new SimulationBuilder()
    .withoutChecks()
    .processes(
      "server",
      { count: 3 },
      ({ time }) => void booted.push(time.now()),
    )
    .workload(workload({ setup: ({ time }) => time.sleep(1) }))
    .run({ seeds: 1 });
  t.deepEqual(booted, [0, 0, 0]);
});
