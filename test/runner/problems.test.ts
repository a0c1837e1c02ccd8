/** What is wrong with a run as a whole: something that had to happen, and never did. */
import test from "ava";

import {
  assertAlways,
  assertAlwaysOrUnreachable,
  assertReachable,
  assertSometimes,
  assertUnreachable,
} from "../../src/assertions/index.ts";
import {
  SimulationBuilder,
  type FaultInjector,
  type Workload,
} from "../../src/runner/index.ts";
import { busyFor, passes, workload } from "./support.ts";

const blindRun =
  "nothing was observed: give a workload a check() with an assertAlways, or add an invariant; " +
  "withoutChecks() says that this run shall only find crashes, throws and hangs";
const blind =
  "no check observed anything: let check() make at least one assertAlways";

/** The problems of three seeds with one workload that has these parts. */
async function problems(
  parts: Partial<Workload>,
  builder: SimulationBuilder = new SimulationBuilder(),
): Promise<readonly string[]> {
  const report = await builder
    .workload(workload(parts))
    .run({ seeds: 3, base: 1 });
  return report.success ? ["success"] : report.problems;
}

const checks: [what: string, check: () => void, expected: string[]][] = [
  ["asserts nothing", () => undefined, [blind]],
  [
    "asserts only that something happens sometimes",
    () => assertSometimes(true, "m"),
    [blind],
  ],
  ["only shows that it was reached", () => assertReachable("m"), [blind]],
  [
    "asserts that something always holds",
    () => assertAlways(true, "m"),
    ["success"],
  ],
  [
    "asserts that something holds if it is reached",
    () => assertAlwaysOrUnreachable(true, "m"),
    ["success"],
  ],
];
for (const [what, check, expected] of checks) {
  test.serial(
    `a run whose check ${what} ends with ${expected[0]?.split(":")[0]}`,
    async (t) => {
      t.deepEqual(
        await problems({ check: () => Promise.resolve(check()) }),
        expected,
      );
    },
  );
}

test.serial(
  "what processes assert in the background while workloads check is no check",
  async (t) => {
    const builder = new SimulationBuilder().processes("server", {}, (ctx) => {
      ctx.tasks.spawn("watch", async () => {
        for (;;) {
          await ctx.time.sleep(10);
          assertAlways(true, "m");
        }
      });
    });
    const check: Workload["check"] = ({ time }) => time.sleep(500);
    t.deepEqual(await problems({ check }, builder), [blind]);
  },
);

test.serial("an assertion in run is no check", async (t) => {
  const run = (): Promise<void> => Promise.resolve(assertAlways(true, "m"));
  t.deepEqual(await problems({ run, check: () => Promise.resolve() }), [blind]);
});

test.serial(
  "a check that observes something in one seed of many is enough",
  async (t) => {
    let checks = 0;
    const check = (): Promise<void> =>
      Promise.resolve(
        (checks += 1) === 2 ? assertAlways(true, "m") : undefined,
      );
    t.deepEqual(await problems({ check }), ["success"]);
  },
);

const runs: [what: string, run: () => void, expected: string[]][] = [
  ["asserts nothing", () => undefined, [blindRun]],
  [
    "asserts only that something happens sometimes",
    () => assertSometimes(true, "m"),
    [blindRun],
  ],
  [
    "asserts that something always holds",
    () => assertAlways(true, "m"),
    ["success"],
  ],
];
for (const [what, run, expected] of runs) {
  test.serial(
    `a run without any check that ${what} ends with ${expected[0]?.split(":")[0]}`,
    async (t) => {
      const parts = { run: (): Promise<void> => Promise.resolve(run()) };
      t.deepEqual(await problems(parts), expected);
    },
  );
}

test.serial(
  "a run that shall observe nothing may observe nothing, and a blind check of it is one all the same",
  async (t) => {
    const smoke = (): SimulationBuilder =>
      new SimulationBuilder().withoutChecks();
    t.deepEqual(await problems({}, smoke()), ["success"]);
    const check = (): Promise<void> => Promise.resolve();
    t.deepEqual(await problems({ check }, smoke()), [blind]);
  },
);

test.serial(
  "a run in which every seed failed has shown that it can fail",
  async (t) => {
    const run = (): Promise<void> => Promise.reject(new TypeError("boom"));
    t.deepEqual(await problems({ run }), []);
    t.deepEqual(await problems({ run, check: () => Promise.resolve() }), []);
  },
);

test.serial(
  "faults that are required and never strike are problems, one by one",
  async (t) => {
    const cut: FaultInjector = {
      name: "cut",
      inject: ({ partition, processIps }) =>
        Promise.resolve(void partition(processIps[0] as string, "10.1.0.1")),
    };
    const builder = new SimulationBuilder()
      .withoutChecks()
      .processes("server", {}, () => undefined)
      .fault(cut)
      .requireFaults("crash", "partition")
      .requireFaults("graceful stop");
    t.deepEqual(await problems({ run: ({ time }) => time.sleep(5) }, builder), [
      "no crash happened in any seed",
      "no graceful stop happened in any seed",
    ]);
  },
);

const hopes: [what: string, run: () => void, expected: string[]][] = [
  [
    "never held",
    () => assertSometimes(false, "a transfer is in doubt"),
    ["never: a transfer is in doubt"],
  ],
  ["held once", hopeOnce(), ["success"]],
  ["was never evaluated", () => undefined, [blindRun]],
  [
    "is one of several",
    () => (assertSometimes(true, "a"), assertSometimes(false, "b")),
    ["never: b"],
  ],
];
for (const [what, run, expected] of hopes) {
  test.serial(
    `with requireSometimes, an assertion that ${what} ends with ${expected[0]?.split(" give")[0]}`,
    async (t) => {
      const parts = { run: (): Promise<void> => Promise.resolve(run()) };
      t.deepEqual(
        await problems(parts, new SimulationBuilder().requireSometimes()),
        expected,
      );
    },
  );
}

test.serial(
  "without requireSometimes, what never held is reported and fails nothing",
  async (t) => {
    const run = (): Promise<void> =>
      Promise.resolve(assertSometimes(false, "a transfer is in doubt"));
    const builder = new SimulationBuilder().withoutChecks();
    t.deepEqual(await problems({ run }, builder), ["success"]);
  },
);

test.serial(
  "each kind of assertion is counted over all seeds, in the order in which they were met",
  async (t) => {
    let evaluations = 0;
    const run = (): Promise<void> => {
      assertReachable("reached");
      assertSometimes((evaluations += 1) === 2, "second");
      assertAlways(true, "always");
      assertAlwaysOrUnreachable(true, "always or unreachable");
      if (evaluations > 99) assertUnreachable("unreachable");
      return Promise.resolve();
    };
    const report = await new SimulationBuilder()
      .workload(workload({ run }))
      .run({ seeds: 3 });
    t.deepEqual(report.observations, [
      { kind: "reachable", message: "reached", passes: 3, fails: 0 },
      { kind: "sometimes", message: "second", passes: 1, fails: 2 },
      { kind: "always", message: "always", passes: 3, fails: 0 },
      {
        kind: "always_or_unreachable",
        message: "always or unreachable",
        passes: 3,
        fails: 0,
      },
    ]);
  },
);

test.serial(
  "assertions of processes count like those of workloads, and none is heard outside of a run",
  async (t) => {
    const builder = new SimulationBuilder()
      .processes("server", { count: 2 }, () => assertReachable("booted"))
      .workload(busyFor(5));
    assertReachable("booted");
    const report = await builder.run({ seeds: 2 });
    assertReachable("booted");
    t.is(passes(report, "booted"), 4);
  },
);

/** True once in its life, false ever after. */
function hopeOnce(): () => void {
  let hopes = 0;
  return () => assertSometimes((hopes += 1) === 1, "once");
}
