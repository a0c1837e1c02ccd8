/** Who does not finish although everything is healed is named, and waited for no longer. */
import test from "ava";

import {
  formatReport,
  plainPaint,
  SimulationBuilder,
  type AttackWorkload,
  type FaultInjector,
  type SimContext,
  type SimulationReport,
  type Workload,
} from "../../src/runner/index.ts";
import { busyFor, echoPort, failures, passes, workload } from "./support.ts";
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
  "only the stuck are named, and play no later part, and the others run and check",
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
    t.is(passes(report, "checked"), 1);
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
    "stuck: server is still down 20000 ms after the last fault",
  ]);
  t.true(passes(report, "booted") > 2, "it was booted again and again");
});

/** What the workload, and whoever else, is said to wait for. */
async function waitsOf(
  run: (ctx: SimContext) => Promise<unknown>,
  server: (ctx: SimContext) => Promise<void> = () => Promise.resolve(),
): Promise<string[]> {
  return told(
    await new SimulationBuilder()
      .processes("server", {}, server)
      .workload(workload({ run: async (ctx) => void (await run(ctx)) }))
      .phases(phases)
      .run({ seeds: [1] }),
  );
}

/** Who waits for what, in the first failure. */
function told(report: SimulationReport): string[] {
  const [failure] = report.failed[0]?.failures ?? [];
  return (failure?.waiting ?? []).map(
    ({ who, waitsFor }) => `${who}: ${waitsFor.join(", ")}`,
  );
}

/** The same, where an injector never ends. */
async function injectorsWaitsOf(
  inject: FaultInjector["inject"],
  budgetMs: number = Infinity,
): Promise<string[]> {
  return told(
    await new SimulationBuilder()
      .workload(busyFor(10))
      .fault({ name: "vandal", inject })
      .phases(phases)
      .runTimeBudgetMs(budgetMs)
      .run({ seeds: [1] }),
  );
}

const injectorsWaits: [
  what: string,
  inject: FaultInjector["inject"],
  text: string,
][] = [
  ["a promise of its own", never, "vandal: "],
  [
    "a sleep",
    async ({ time }) => {
      await time.sleep(5);
      await time.sleep(98_995);
    },
    "vandal: a sleep due at 99000 ms",
  ],
  [
    "a timer, of two",
    ({ time }) => {
      time.schedule(98_000, () => undefined).cancel();
      time.schedule(99_000, () => undefined);
      return never();
    },
    "vandal: a timer due at 99000 ms",
  ],
  [
    "more than a sleep that ended with chaos",
    async ({ time, chaosShutdown }) => {
      await time.sleep(99_000, { signal: chaosShutdown }).catch(never);
    },
    "vandal: ",
  ],
];
for (const [what, inject, text] of injectorsWaits) {
  test.serial(`a stuck injector that waits for ${what} says so`, async (t) => {
    t.deepEqual(await injectorsWaitsOf(inject), [text]);
  });
}

test.serial(
  "a seed whose time is up tells what injectors wait for, after all others",
  async (t) => {
    const inject: FaultInjector["inject"] = ({ time }) => time.sleep(99_000);
    t.deepEqual(await injectorsWaitsOf(inject, 7), [
      "work: a sleep due at 10 ms",
      "vandal: a sleep due at 99000 ms",
    ]);
  },
);

test.serial(
  "a stuck attack waits as a client and as one who breaks things",
  async (t) => {
    const attack: AttackWorkload["attack"] = async ({ time }, ctx) => {
      await Promise.all([time.sleep(99_000), ctx.time.sleep(98_000)]);
    };
    const report = await new SimulationBuilder()
      .workload(busyFor(10))
      .attack(() => ({ name: "mine", attack }))
      .phases(phases)
      .run({ seeds: [1] });
    t.deepEqual(told(report), [
      "mine: a sleep due at 98000 ms, a sleep due at 99000 ms",
    ]);
  },
);

const waits: [
  what: string,
  run: (ctx: SimContext) => Promise<unknown>,
  text: string,
][] = [
  ["a promise of its own", () => new Promise(() => undefined), "work: "],
  [
    "a sleep",
    ({ time }) => time.sleep(99_000),
    "work: a sleep due at 99000 ms",
  ],
  [
    "a sleep that can be ended",
    ({ time, shutdown }) => time.sleep(99_000, { signal: shutdown }),
    "work: a sleep due at 99000 ms",
  ],
  [
    "an accept",
    async (ctx) => (await ctx.network.bind(ctx.address(5))).accept(),
    "work: a connection at work:5",
  ],
  [
    "a datagram",
    async (ctx) => (await ctx.network.bindDatagram(ctx.address(5))).receive(),
    "work: a datagram at work:5",
  ],
  [
    "a task",
    ({ tasks }) =>
      tasks.spawn("sweep", () => new Promise(() => undefined)).join(),
    'work: the end of its task "sweep"',
  ],
  [
    "all of many",
    ({ time, tasks }) =>
      Promise.all([
        time.sleep(99_000),
        tasks.spawn("sweep", () => time.sleep(98_000)).join(),
      ]),
    'work: the end of its task "sweep", a sleep due at 98000 ms, a sleep due at 99000 ms',
  ],
];
for (const [what, run, text] of waits) {
  test.serial(`a stuck workload that waits for ${what} says so`, async (t) => {
    t.deepEqual(await waitsOf(run), [text]);
  });
}

test.serial(
  "a stuck workload is told of together with the process that keeps it waiting",
  async (t) => {
    const silent = async (ctx: SimContext): Promise<void> => {
      const listener = await ctx.network.bind(ctx.address(echoPort));
      ctx.tasks.spawn("accept", async () => {
        const connection = await listener.accept();
        while ((await connection.read()) !== undefined);
      });
    };
    const ask = async ({ network }: SimContext): Promise<void> => {
      const connection = await network.connect(`server:${echoPort}`);
      await connection.write(new Uint8Array([1]));
      await connection.read();
    };
    t.deepEqual(await waitsOf(ask, silent), [
      "work: bytes from server:7",
      "server: bytes from work:40000",
    ]);
  },
);

test.serial("a writer that nobody reads from waits for room", async (t) => {
  const deaf = async (ctx: SimContext): Promise<void> => {
    const listener = await ctx.network.bind(ctx.address(echoPort));
    ctx.tasks.spawn("accept", async () => void (await listener.accept()));
  };
  const flood = async ({ network }: SimContext): Promise<void> => {
    const connection = await network.connect(`server:${echoPort}`);
    for (;;) await connection.write(new Uint8Array(65_536));
  };
  t.deepEqual(await waitsOf(flood, deaf), ["work: room to write to server:7"]);
});

test.serial(
  "a seed that is stuck does not keep the next ones from being run",
  async (t) => {
    const report = await new SimulationBuilder()
      .workload(workload({ run: never }))
      .phases(phases)
      .run({ seeds: 3 });
    t.is(report.fingerprints.size, 3);
    t.is(report.failed.length, 3);
  },
);

test.serial(
  "a timer of the machine never comes, and the report says what to use instead",
  async (t) => {
    const run = (): Promise<void> =>
      new Promise((resolve) => void setTimeout(resolve, 1).unref());
    const report = await new SimulationBuilder()
      .workload(workload({ run }))
      .phases(phases)
      .run({ seeds: [1] });
    const text = formatReport(report, { paint: plainPaint, file: undefined });
    t.regex(
      text,
      /\n {2}work waits for nothing that this world could bring: .*setTimeout.* instead of ctx\.time/,
    );
  },
);

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
