/** What is thrown in a workload or an injector: of which kind, by whom, with which words, and when. */
import test from "ava";

import {
  SimulationBuilder,
  type FaultInjector,
  type Workload,
} from "../../src/runner/index.ts";
import { assertAlways, assertUnreachable } from "../../src/assertions/index.ts";
import { busyFor, failures, passes, workload } from "./support.ts";

const boom = (): never => {
  throw new TypeError("boom");
};

const cases: [
  what: string,
  parts: Partial<Workload>,
  message: string,
  atMs: number,
][] = [
  ["setup throws", { setup: boom }, "work.setup: TypeError: boom", 0],
  ["run throws before it waits", { run: boom }, "work.run: TypeError: boom", 0],
  [
    "run throws later",
    { run: ({ time }) => time.sleep(30).then(boom) },
    "work.run: TypeError: boom",
    30,
  ],
  [
    "check throws",
    { check: ({ time }) => time.sleep(5).then(boom) },
    "work.check: TypeError: boom",
    5,
  ],
  [
    "run rejects with no error",
    { run: () => Promise.reject(7 as unknown as Error) },
    "work.run: thrown: 7",
    0,
  ],
  [
    "an error has many lines",
    { run: () => Promise.reject(new Error("first\nsecond")) },
    "work.run: Error: first",
    0,
  ],
];
for (const [what, parts, message, atMs] of cases) {
  test.serial(
    `a workload fails with its name, its part and the time when ${what}`,
    async (t) => {
      const report = await new SimulationBuilder()
        .workload(workload(parts))
        .run({ seeds: [3] });
      t.false(report.success);
      const [failure, ...others] = report.failed[0]?.failures ?? [];
      t.deepEqual(others, []);
      t.like(failure, { kind: "workload", message, atMs, details: undefined });
      t.true((failure?.event ?? 0) > 0);
      t.is(failure?.stack !== undefined, !message.includes("thrown"));
    },
  );
}

test.serial(
  "a workload that throws plays no later part, and stops none of the others",
  async (t) => {
    const check = (): Promise<void> =>
      Promise.resolve(assertAlways(true, "checked"));
    const report = await new SimulationBuilder()
      .workload(workload({ setup: boom, run: boom, check }))
      .workload(workload({ run: boom, check }))
      .workload(busyFor(700, { check }))
      .run({ seeds: 1 });
    t.deepEqual(failures(report), [
      "workload: work-0.setup: TypeError: boom",
      "workload: work-1.run: TypeError: boom",
    ]);
    t.is(passes(report, "checked"), 1);
    t.is(report.simulatedMs, 1_700);
  },
);

const injectors: [what: string, injector: FaultInjector][] = [
  [
    "rejects",
    { name: "vandal", inject: ({ time }) => time.sleep(30).then(boom) },
  ],
  ["throws", { name: "vandal", inject: boom }],
];
for (const [what, injector] of injectors) {
  test.serial(
    `an injector that ${what} fails the run with its name, and workloads go on`,
    async (t) => {
      const report = await new SimulationBuilder()
        .workload(busyFor(700))
        .fault(injector)
        .fault({ name: "other", inject: ({ time }) => time.sleep(800) })
        .run({ seeds: 1 });
      t.deepEqual(failures(report), ["injector: vandal: TypeError: boom"]);
      t.is(report.failed[0]?.failures[0]?.atMs, what === "rejects" ? 30 : 0);
      t.is(report.simulatedMs, 1_800);
    },
  );
}

test.serial(
  "what an injector leaves unhandled ends the seed with one failure, which is its own",
  async (t) => {
    const injector: FaultInjector = {
      name: "careless",
      inject: ({ time }) => {
        time.schedule(30, boom);
        return Promise.resolve();
      },
    };
    const report = await new SimulationBuilder()
      .workload(busyFor(700))
      .fault(injector)
      .run({ seeds: 1 });
    t.deepEqual(failures(report), ["crash: the world: TypeError: boom"]);
  },
);

test.serial(
  "an assertion that fails is told with its details, its time and its event, and throws nothing",
  async (t) => {
    const run: Workload["run"] = async ({ time }) => {
      await time.sleep(12);
      assertAlways(false, "money is conserved", { cents: 7n });
      assertUnreachable("nobody comes here");
      await time.sleep(1);
      assertAlways(true, "money is conserved");
    };
    const report = await new SimulationBuilder()
      .workload(workload({ run }))
      .run({ seeds: 1 });
    t.deepEqual(failures(report), [
      "assertion: money is conserved",
      "assertion: nobody comes here",
    ]);
    t.like(report.failed[0]?.failures[0], {
      atMs: 12,
      details: { cents: 7n },
      stack: undefined,
    });
    t.is(passes(report, "money is conserved"), 1);
  },
);

test.serial(
  "a run inside a run is refused as the mistake of the workload that tries",
  async (t) => {
    const inner = new SimulationBuilder().workload(busyFor(1));
    const run: Workload["run"] = async () =>
      void (await inner.run({ seeds: 1 }));
    const report = await new SimulationBuilder()
      .workload(workload({ run }))
      .run({ seeds: 1 });
    t.regex(
      failures(report).join("\n"),
      /^workload: work\.run: SimulationError: \[nested\] /,
    );
  },
);

test.serial(
  "a failure is told with what was said and struck before it, not with what came after",
  async (t) => {
    const tattle: FaultInjector = {
      name: "tattle",
      async inject(ctx) {
        for (let n = 1; !ctx.chaosShutdown.aborted; n += 1) {
          ctx.note("late timer", "everywhere");
          ctx.note("noise", String(Math.min(n, 9)));
          await ctx.time.sleep(10, { signal: ctx.chaosShutdown });
        }
      },
    };
    const report = await new SimulationBuilder()
      .workload(
        workload({
          async run({ providers, time }) {
            for (let n = 1; n <= 30; n += 1) {
              providers.trace.emit("step", { n });
              assertAlways(n !== 20, "never twenty");
              await time.sleep(10);
            }
          },
        }),
      )
      .fault(tattle)
      .chaos({})
      .run({ seeds: [3] });
    const [failed] = report.failed;
    t.is(failed?.recent.at(-1)?.fields["n"], 20);
    const kinds = failed?.struck.map(({ event }) => event.kind) ?? [];
    t.deepEqual([...new Set(kinds)], ["noise"]);
    t.is(kinds.length, 8);
    const until = failed?.failures[0]?.atMs ?? 0;
    t.true(failed?.struck.every(({ atMs }) => atMs <= until));
  },
);
