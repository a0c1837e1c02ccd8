/** Who does not finish although everything is healed is named, and waited for no longer. */
import test from "ava";

import {
  SimulationBuilder,
  type SimContext,
  type Workload,
} from "../../src/runner/index.ts";
import { busyFor, failures, passes, workload } from "./support.ts";
import { assertAlways, assertReachable } from "../../src/assertions/index.ts";

const phases = { chaosMs: 1_000, recoveryMs: 500, checkMs: 200 };
const never = (): Promise<void> => new Promise(() => undefined);

const cases: [
  part: keyof Workload,
  parts: Partial<Workload>,
  text: string,
  atMs: number,
][] = [
  [
    "setup",
    { setup: never },
    "work.setup has not finished within 200 ms without faults",
    200,
  ],
  [
    "run",
    { run: never },
    "work.run has not finished within 500 ms without faults",
    1_500,
  ],
  [
    "check",
    { check: never },
    "work.check has not finished within 200 ms without faults",
    200,
  ],
];
for (const [part, parts, text, atMs] of cases) {
  test.serial(
    `a workload whose ${part} never finishes is stuck, with its name and the time`,
    async (t) => {
      const report = await new SimulationBuilder()
        .workload(workload(parts))
        .phases(phases)
        .run({ seeds: [3] });
      t.false(report.success);
      const [failure, ...others] = report.failed[0]?.failures ?? [];
      t.deepEqual(others, []);
      t.like(failure, {
        kind: "stuck",
        message: text,
        atMs,
        details: undefined,
        stack: undefined,
      });
      t.true((failure?.event ?? 0) > 0);
    },
  );
}

test.serial("a workload that ends during recovery is not stuck", async (t) => {
  const report = await new SimulationBuilder()
    .workload(busyFor(1_499))
    .phases(phases)
    .run({ seeds: 1 });
  t.deepEqual(failures(report), []);
});

test.serial(
  "only the stuck are named, and the others run and check",
  async (t) => {
    const parts: Partial<Workload> = {
      run: ({ time }) => time.sleep(10),
      check: (ctx) =>
        Promise.resolve(assertAlways(ctx.name !== "", "checked", {})),
    };
    const report = await new SimulationBuilder()
      .workload(workload({ ...parts, setup: never }))
      .workload(workload(parts))
      .workload(workload({ ...parts, run: never }))
      .phases(phases)
      .run({ seeds: 1 });
    t.deepEqual(failures(report), [
      "stuck: work-0.setup has not finished within 200 ms without faults",
      "stuck: work-2.run has not finished within 500 ms without faults",
    ]);
    t.is(passes(report, "checked"), 3);
  },
);

test.serial("an injector that never ends is stuck", async (t) => {
  const report = await new SimulationBuilder()
    .workload(busyFor(10))
    .fault({ name: "for ever", inject: never })
    .phases(phases)
    .run({ seeds: 1 });
  t.deepEqual(failures(report), [
    "stuck: for ever.inject has not finished within 500 ms without faults",
  ]);
});

test.serial("a process that never comes up again is stuck", async (t) => {
  const start = (): void => {
    assertReachable("booted");
    throw new Error("no disk");
  };
  const report = await new SimulationBuilder()
    .processes("server", {}, start)
    .workload(busyFor(1_000))
    .expectCrash(() => true)
    .phases({ ...phases, recoveryMs: 20_000 })
    .run({ seeds: 1 });
  t.deepEqual(failures(report), [
    "stuck: 1 processes are still down 20000 ms after the last fault",
  ]);
  t.true(passes(report, "booted") > 2, "it was booted again and again");
});

test.serial(
  "a workload may end in the very instant in which chaos does",
  async (t) => {
    const run = async (ctx: SimContext): Promise<void> => {
      await ctx.time.sleep(phases.chaosMs);
    };
    const report = await new SimulationBuilder()
      .workload(workload({ run }))
      .phases(phases)
      .run({ seeds: 1 });
    t.deepEqual(failures(report), []);
    t.is(report.simulatedMs, 2_000);
  },
);
