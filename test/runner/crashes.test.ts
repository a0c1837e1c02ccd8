/** What nobody catches inside a process is that process's crash: reported, unless it was expected. */
import test from "ava";

import { assertAlways, assertReachable } from "../../src/assertions/index.ts";
import {
  SimulationBuilder,
  type SimContext,
  type Workload,
} from "../../src/runner/index.ts";
import type { Crash } from "../../src/sim/index.ts";
import { busyFor, failures, passes, workload } from "./support.ts";

const boom = (): never => {
  throw new TypeError("boom");
};

/** A process that does `what` 30 ms after its first boot, and lives in peace after the second. */
function onceAfter30(
  what: (ctx: SimContext) => unknown,
): (ctx: SimContext) => Promise<void> {
  return async (ctx) => {
    assertReachable("booted");
    await ctx.time.sleep(30);
    if (ctx.time.now() === 30) await what(ctx);
  };
}

const ways: [where: string, what: (ctx: SimContext) => unknown][] = [
  ["in start, after a wait", boom],
  [
    "in a task",
    (ctx) =>
      void ctx.tasks.spawn("careless", () =>
        Promise.reject(new TypeError("boom")),
      ),
  ],
  [
    "in a task, before it waits",
    (ctx) => void ctx.tasks.spawn("careless", boom),
  ],
  [
    "in a promise that nobody waits for",
    () => void Promise.reject(new TypeError("boom")),
  ],
  ["in a timer", (ctx) => void ctx.time.schedule(0, boom)],
  ["in a tick", () => void process.nextTick(boom)],
  ["in a microtask", () => queueMicrotask(boom)],
];
for (const [where, what] of ways) {
  test.serial(
    `a throw ${where} is the crash of its process, which comes back, and workloads go on`,
    async (t) => {
      const report = await new SimulationBuilder()
        .processes("server", { count: 2 }, (ctx) =>
          ctx.index === 1 ? onceAfter30(what)(ctx) : undefined,
        )
        .workload(busyFor(12_000))
        .phases({ chaosMs: 15_000 })
        .run({ seeds: 1 });
      t.deepEqual(failures(report), ["crash: server-1: TypeError: boom"]);
      t.like(report.failed[0]?.failures[0], { atMs: 30, details: undefined });
      t.regex(report.failed[0]?.failures[0]?.stack ?? "", /crashes\.test/);
      t.is(passes(report, "booted"), 2);
      t.is(report.simulatedMs, 13_000);
    },
  );
}

test.serial(
  "a process whose start throws at once crashes at every boot, which is told once, with how often",
  async (t) => {
    let boots = 0;
    const start = (): never => {
      boots += 1;
      return boom();
    };
    const report = await new SimulationBuilder()
      .processes("server", {}, start)
      .workload(busyFor(60_000))
      .phases({ chaosMs: 60_000, recoveryMs: 1 })
      .beforeIteration(() => {
        boots = 0;
      })
      .run({ seeds: [2] });
    t.deepEqual(failures(report), [
      "crash: server: TypeError: boom",
      "stuck: server is still down 1 ms after the last fault",
    ]);
    const [crash, stuck] = report.failed[0]?.failures ?? [];
    t.like(crash, { atMs: 0, count: boots });
    t.true(boots >= 6, `${boots} boots in a minute`);
    t.is(stuck?.count, 1);
  },
);

test.serial(
  "crashes that are expected fail nothing, and the predicate is told who, when and of what",
  async (t) => {
    const crashes: Crash[] = [];
    const report = await new SimulationBuilder()
      .processes(
        "server",
        { count: 2 },
        onceAfter30((ctx) => ctx.index === 1 && boom()),
      )
      .workload(busyFor(12_000))
      .expectCrash((crash) => {
        crashes.push(crash);
        return crash.error instanceof TypeError;
      })
      .run({ seeds: 1 });
    t.deepEqual(failures(report), []);
    t.is(crashes.length, 1);
    t.like(crashes[0], { ip: "10.0.1.2", life: 1, atMs: 30 });
    t.is(passes(report, "booted"), 3);
  },
);

test.serial(
  "crashes that differ from what is expected fail the run",
  async (t) => {
    const report = await new SimulationBuilder()
      .processes("server", {}, onceAfter30(boom))
      .workload(busyFor(100))
      .expectCrash(({ error }) => error instanceof RangeError)
      .run({ seeds: 1 });
    t.deepEqual(failures(report), ["crash: server: TypeError: boom"]);
  },
);

test.serial(
  "a workload that dies plays no later part, and leaves no calls of a dead one",
  async (t) => {
    let kept: SimContext | undefined;
    const parts: Partial<Workload> = {
      run: (ctx) => {
        ctx.time.schedule(20, boom);
        kept = ctx;
        return ctx.time.sleep(500);
      },
      check: async ({ time }) => {
        await (kept?.time ?? time).sleep(1);
        assertAlways(true, "checked");
      },
    };
    const report = await new SimulationBuilder()
      .workload(workload(parts))
      .workload(
        workload({
          run: ({ time }) => time.sleep(600),
          check: () => Promise.resolve(assertAlways(true, "checked")),
        }),
      )
      .run({ seeds: 1 });
    t.deepEqual(failures(report), ["crash: work-0: TypeError: boom"]);
    t.is(passes(report, "checked"), 1);
    t.is(report.ghostCalls, 0);
  },
);

test.serial(
  "a process may be called like a workload, and its crash ends nothing of that",
  async (t) => {
    const report = await new SimulationBuilder()
      .processes("work", {}, onceAfter30(boom))
      .workload(busyFor(5_000))
      .expectCrash(() => true)
      .run({ seeds: 1 });
    t.deepEqual(failures(report), []);
    t.true(report.simulatedMs >= 6_000, `over after ${report.simulatedMs} ms`);
  },
);
