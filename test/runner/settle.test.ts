/** What is still held by those who were asked to stop. */
import { inspect } from "node:util";
import test from "ava";

import {
  formatReport,
  plainPaint,
  SimulationBuilder,
  type SettleOptions,
  type SimContext,
  type SimulationReport,
} from "../../src/runner/index.ts";
import { SimulationError } from "../../src/sim/index.ts";
import {
  busyFor,
  echoPort,
  echoServer,
  failures,
  workload,
} from "./support.ts";

/** Two servers of that sort and a client that keeps its connection, unless it is told to close it. */
function messy(
  start: (ctx: SimContext) => Promise<AsyncDisposable | void>,
  closes = false,
): SimulationBuilder {
  return new SimulationBuilder("messy")
    .processes("echo", { count: 2 }, start)
    .workload(
      workload({
        run: async ({ network }) => {
          const connection = await network.connect(`echo-0:${echoPort}`);
          if (closes) connection.close();
        },
      }),
    );
}

/** Opens a file, sets a timer, serves, and gives nothing back. */
async function hoard(ctx: SimContext): Promise<void> {
  await ctx.storage.open("log", { write: true, create: true });
  ctx.time.schedule(500_000, () => undefined);
  await echoServer(ctx);
}

async function tidy(ctx: SimContext): Promise<AsyncDisposable> {
  const listener = await ctx.network.bind(ctx.address(echoPort));
  return listener;
}

const summary = (report: SimulationReport): string[] =>
  report.leftBehind.map(
    ({ who, kind, count, example, seed }) =>
      `${who}: ${count} ${kind} (${example.replace(/[\d.]+ ms/, "T ms")}) in ${seed}`,
  );

test.serial(
  "what processes and workloads still hold is counted by kind, with an example, and is no failure",
  async (t) => {
    const report = await messy(hoard).run({ seeds: [5, 6] });
    t.deepEqual(failures(report), []);
    t.true(report.leftBehind.every(({ madeAt }) => madeAt === undefined));
    t.deepEqual(summary(report), [
      "echo: 4 file (log) in 5",
      "echo: 4 listener (echo-0:7) in 5",
      "echo: 2 connection (echo-0:7 → work:40000) in 5",
      "echo: 6 task (accept) in 5",
      "echo: 4 timer (callback due at T ms) in 5",
      "work: 2 connection (work:40000 → echo-0:7) in 5",
    ]);
    const text = formatReport(report, { paint: plainPaint, file: undefined });
    t.regex(
      text,
      /\n! echo, asked to stop, left behind 4 files \(log\), 4 listeners \(echo-0:7\), .*; first in seed 5\n! work, asked/,
    );
  },
);

test.serial(
  "what is left behind is told with the line that made it, once its seed was run again",
  async (t) => {
    const report = await messy(hoard).run({ seeds: [5], rerunShare: 1 });
    const places: readonly [thing: string, place: RegExp][] = [
      ["echo file", /hoard .*settle\.test/],
      ["echo listener", /echoServer .*support/],
      ["echo connection", /support/],
      ["echo task", /echoServer .*support/],
      ["echo timer", /hoard .*settle\.test/],
      ["work connection", /run .*settle\.test/],
    ];
    t.deepEqual(
      report.leftBehind.map(({ who, kind }) => `${who} ${kind}`),
      places.map(([thing]) => thing),
    );
    for (const [at, [, place]] of places.entries())
      t.regex(report.leftBehind[at]?.madeAt ?? "", place);
    const text = formatReport(report, { paint: plainPaint, file: undefined });
    t.regex(text, /left behind 2 files \(log, made by .*hoard \(.*\)\), /);
  },
);

test.serial(
  "a seed that fails for what is left behind has its lines among the details",
  async (t) => {
    const report = await messy(hoard)
      .settle({ leftovers: "fail" })
      .run({ seeds: [5] });
    const [failure] = report.failed[0]?.failures ?? [];
    const { details = {} } = failure ?? {};
    t.regex(String(details["file log"]), /hoard .*settle\.test/);
    t.regex(String(details["listener echo-0:7"]), /^echoServer .*support/);
  },
);

test.serial("who gives everything back leaves nothing behind", async (t) => {
  const report = await messy(tidy, true)
    .settle({ leftovers: "fail" })
    .run({ seeds: 3 });
  t.deepEqual(failures(report), []);
  t.deepEqual(report.leftBehind, []);
});

test.serial(
  "what is left behind fails the seed where settle says so, by name",
  async (t) => {
    const report = await messy(hoard, true)
      .settle({ leftovers: "fail" })
      .run({ seeds: [5] });
    t.deepEqual(
      failures(report).map((text) => text.replace(/[\d.]+ ms/, "T ms")),
      [0, 1].map(
        (index) =>
          `leak: echo-${index} still holds the file log, the listener echo-${index}:7, the task accept, the timer callback due at T ms`,
      ),
    );
  },
);

test.serial("nobody looks where leftovers are off", async (t) => {
  const report = await messy(hoard)
    .settle({ leftovers: "off" })
    .run({ seeds: 1 });
  t.deepEqual(report.leftBehind, []);
});

test.serial(
  "who needs longer to stop is given longer by withinMs",
  async (t) => {
    const slow = async (ctx: SimContext): Promise<AsyncDisposable> => {
      const listener = await ctx.network.bind(ctx.address(echoPort));
      return {
        async [Symbol.asyncDispose](): Promise<void> {
          await ctx.time.sleep(3_000);
          await listener.close();
        },
      };
    };
    const run = (settle: Partial<SettleOptions>): Promise<SimulationReport> =>
      new SimulationBuilder()
        .processes("slow", {}, slow)
        .workload(busyFor(10))
        .settle(settle)
        .run({ seeds: [5] });
    t.deepEqual(summary(await run({})), [
      "slow: 1 listener (slow:7) in 5",
      "slow: 1 task (stop slow) in 5",
      "slow: 1 timer (sleep due at T ms) in 5",
    ]);
    const longer = await run({ withinMs: 4_000 });
    t.deepEqual(summary(longer), []);
    t.is(longer.simulatedMs, 4_010);
  },
);

test.serial("workloads are asked to stop as well", async (t) => {
  const stopped: boolean[] = [];
  const run = ({ shutdown }: SimContext): Promise<void> => {
    shutdown.addEventListener("abort", () => stopped.push(shutdown.aborted));
    return Promise.resolve();
  };
  await new SimulationBuilder().workload(workload({ run })).run({ seeds: 1 });
  t.deepEqual(stopped, [true]);
});

for (const [option, value] of [
  ["withinMs", -1],
  ["withinMs", Infinity],
  ["leftovers", "loud"],
  ["within", 1],
] as [string, unknown][]) {
  test(`settle refuses ${inspect(value)} for ${option}`, (t) => {
    const call = (): unknown =>
      new SimulationBuilder().settle({ [option]: value });
    const error = t.throws(call, { instanceOf: SimulationError });
    t.like(error, { code: "bad_option", details: { option, value } });
  });
}
