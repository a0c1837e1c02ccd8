/** Fault budgets: what one forbids, what it allows, and that nobody gets past it. */
import test from "ava";

import {
  SimulationBuilder,
  type ChaosOptions,
  type FaultBudget,
  type FaultContext,
  type FaultInjector,
} from "../../src/runner/index.ts";
import { isSimulationError } from "../../src/sim/index.ts";
import { busyFor, failures, succeeded } from "./support.ts";
import { Watch } from "./watch.ts";

const [a, b, c, other, client] = [
  ...["10.0.1.1", "10.0.1.2", "10.0.1.3", "10.0.1.4", "10.1.0.1"],
] as [string, string, string, string, string];

/** Three stores with this budget, something else beside them, and an injector that tries. */
async function tried(
  budget: Partial<FaultBudget>,
  inject: (ctx: FaultContext) => unknown,
): Promise<{ failed: string[]; refused: number }> {
  const report = await new SimulationBuilder()
    .processes(
      "store",
      { count: 3, tags: { half: ["x", "y"] } },
      () => undefined,
    )
    .processes("other", {}, () => undefined)
    .workload(busyFor(5_000))
    .faultBudget({ of: "store", max: 1, ...budget })
    .fault({
      name: "mine",
      inject: async (ctx) => {
        await inject(ctx);
      },
    })
    .chaos({
      attrition: { maxDead: 0, graceMs: [100, 100], recoveryMs: [100, 100] },
    })
    .run({ seeds: 1 });
  const refused = report.faults.get("refused by fault budget") ?? 0;
  return { failed: failures(report), refused };
}

const attempts: [
  what: string,
  refused: number,
  inject: (ctx: FaultContext) => readonly [got: unknown, expected: unknown][],
  budget?: Partial<FaultBudget>,
][] = [
  [
    "a second process down, stopping or standing still",
    3,
    (ctx) => [
      [ctx.reboot(a, "graceful"), true],
      [ctx.reboot(b, "crash"), false],
      [ctx.stall(b, 10), false],
      [ctx.kill(c), false],
      [ctx.reboot(other, "crash"), true],
    ],
  ],
  [
    "a group of which not all may go down",
    1,
    (ctx) => [
      [ctx.rebootGroup([a, b], "crash"), []],
      [ctx.isAlive(a), true],
      [ctx.rebootTagged("half", "y", "crash"), [b]],
    ],
  ],
  [
    "nothing to those who are not of the group",
    0,
    (ctx) => [
      [ctx.reboot(a, "crash"), true],
      [ctx.reboot(other, "crash"), true],
    ],
  ],
  [
    "a partition that leaves fewer together than it must",
    2,
    (ctx) => [
      [ctx.partition([a, client], [b, c]), true],
      [ctx.partition(b, c), false],
      [ctx.isPartitioned(b, c), false],
      [ctx.stall(b, 10), false],
      [ctx.stall(a, 10), true],
    ],
  ],
  [
    "one way as well as both, clogs as well as cuts",
    3,
    (ctx) => [
      [ctx.clog({ from: a, to: b }), true],
      [ctx.cut({ from: c }), false],
      [
        ctx.cut([
          { from: c, to: b },
          { from: c, to: a },
        ]),
        false,
      ],
      [ctx.cut({ from: c, to: b }), true],
      [ctx.clog({ to: a }), false],
      [ctx.clog({ to: b }), true],
    ],
  ],
  [
    "ways to machines outside of the group cost nothing, until none is left",
    1,
    (ctx) => [
      [ctx.partition([a, b], other), true],
      [ctx.partition([a, b], client), true],
      [ctx.partition(a, [b, c]), true],
      [ctx.partition(b, c), false],
    ],
  ],
  [
    "what is lost already cannot be lost again",
    0,
    (ctx) => [
      [ctx.stall(a, 10), true],
      [ctx.cut({ from: a }), true],
      [ctx.reboot(a, "crash_and_wipe"), true],
      [ctx.cut({ to: a }), true],
    ],
  ],
  [
    "one thing only, where only one thing counts",
    1,
    (ctx) => [
      [ctx.reboot(a, "crash"), true],
      [ctx.partition(b, [a, c]), true],
      [ctx.reboot(b, "crash_and_wipe"), true],
      [ctx.reboot(c, "crash"), true],
      [ctx.reboot(other, "crash"), true],
      [ctx.bringBack(c) && ctx.reboot(c, "crash_and_wipe"), false],
    ],
    { losing: ["disk"] },
  ],
  [
    "a group by its labels",
    1,
    (ctx) => [
      [ctx.reboot(b, "crash"), true],
      [ctx.reboot(a, "crash"), true],
      [ctx.reboot(c, "crash"), false],
    ],
    { of: { tags: { half: "x" } } },
  ],
  [
    "everything, with a budget of nothing",
    5,
    (ctx) => [
      [ctx.reboot(a, "crash"), false],
      [ctx.stall(b, 10), false],
      [ctx.partition(a, b), false],
      [ctx.cut({ from: c }), false],
      [ctx.partition(a, client), true],
      [ctx.partition(a, [b, c, other]), false],
    ],
    { max: 0 },
  ],
];
for (const [what, refused, inject, budget = {}] of attempts) {
  test.serial(`a fault budget forbids or allows: ${what}`, async (t) => {
    const result = await tried(budget, (ctx) => {
      const outcomes = inject(ctx);
      t.deepEqual(
        outcomes.map(([got]) => got),
        outcomes.map(([, expected]) => expected),
      );
    });
    t.deepEqual(result.failed, []);
    t.is(result.refused, refused);
  });
}

test.serial("what comes back, or is healed, may be lost again", async (t) => {
  const { failed } = await tried({}, async (ctx) => {
    t.true(ctx.reboot(a, "crash"));
    await ctx.time.sleep(50);
    t.false(ctx.stall(b, 10));
    await ctx.time.sleep(51);
    t.true(ctx.stall(b, 10));
    await ctx.time.sleep(11);
    t.true(ctx.partition(c, [a, b]));
    ctx.healAll();
    t.true(ctx.kill(a));
  });
  t.deepEqual(failed, []);
});

test.serial(
  "a wiped disk is lost for good, or as long as the plan says",
  async (t) => {
    for (const wipedForMs of [undefined, 1_000]) {
      const budget = wipedForMs === undefined ? {} : { wipedForMs };
      const { failed } = await tried(budget, async (ctx) => {
        t.true(ctx.reboot(a, "crash_and_wipe"));
        await ctx.time.sleep(999);
        t.true(ctx.isAlive(a));
        t.false(ctx.reboot(b, "crash"));
        t.true(ctx.reboot(a, "crash"), "it has nothing more to lose");
        await ctx.time.sleep(101);
        t.is(ctx.reboot(b, "crash"), wipedForMs !== undefined);
      });
      t.deepEqual(failed, []);
    }
  },
);

test.serial(
  "who died by itself is lost too, and what makes nothing worse stays allowed",
  async (t) => {
    let refused = 0;
    const report = await new SimulationBuilder()
      .processes("store", { count: 3 }, async ({ time, index }) => {
        await time.sleep(100);
        if (index < 2) throw new Error("by itself");
      })
      .workload(busyFor(5_000))
      .expectCrash(() => true)
      .phases({ recoveryMs: 0 })
      .faultBudget({ of: "store", max: 1 })
      .fault({
        name: "mine",
        inject: async (ctx) => {
          await ctx.time.sleep(200);
          t.is(ctx.deadCount, 2);
          t.false(ctx.stall(c, 10));
          t.true(ctx.partition(a, b));
          refused += 1;
        },
      })
      .chaos({ attrition: { maxDead: 0, recoveryMs: [3_000, 3_000] } })
      .run({ seeds: 1 });
    t.true(refused > 0, "also when the failed seed is run again");
    t.is(report.faults.get("refused by fault budget"), 1);
  },
);

const stormy: ChaosOptions = {
  network: "random",
  // Timers that come late look like processes that stand still.
  lateTimers: false,
  attrition: {
    maxDead: 5,
    pauseMs: [10, 500],
    recoveryMs: [100, 2_000],
    graceMs: [50, 500],
  },
  stalls: { pauseMs: [10, 500], durationMs: [50, 500] },
  partitions: { pauseMs: [10, 500], durationMs: [50, 1_000] },
  clogs: { pauseMs: [10, 500], durationMs: [50, 500] },
};

/** The most of the five that were ever at a loss at once, told from outside and by trying all groups of survivors. */
class Losses implements FaultInjector {
  readonly name = "losses";
  most = 0;
  readonly #watch: Watch;

  constructor(watch: Watch) {
    this.#watch = watch;
  }

  async inject(ctx: FaultContext): Promise<void> {
    while (!ctx.chaosShutdown.aborted) {
      await ctx.time.sleep(23);
      if (ctx.chaosShutdown.aborted) return;
      this.most = Math.max(this.most, this.#lost(ctx));
    }
  }

  #lost(ctx: FaultContext): number {
    const stores = ctx.topology.ips("store");
    const silent = new Set(this.#watch.silent(ctx));
    const together = (group: readonly string[]): boolean =>
      group.every(
        (from) =>
          !silent.has(from) &&
          group.every(
            (to) => !ctx.isPartitioned(from, to) && !ctx.isClogged(from, to),
          ),
      );
    let survivors = 0;
    for (let bits = 0; bits < 1 << stores.length; bits += 1) {
      const group = stores.filter((_, at) => (bits >> at) % 2 === 1);
      if (group.length > survivors && together(group)) survivors = group.length;
    }
    return stores.length - survivors;
  }
}

async function mostLost(budgets: readonly FaultBudget[]): Promise<number> {
  const watch = new Watch();
  const losses = new Losses(watch);
  const builder = new SimulationBuilder()
    .processes("store", { count: 5 }, watch.beat)
    .workload(busyFor(10_000))
    .fault(watch)
    .fault(losses)
    .chaos(stormy);
  for (const budget of budgets) builder.faultBudget(budget);
  const report = await builder.run({ seeds: 30, base: 77 });
  succeeded(report);
  return losses.most;
}

for (const max of [0, 1, 2]) {
  test.serial(
    `with everything breaking all the time, a budget of ${max} is used up and never exceeded`,
    async (t) => {
      t.is(await mostLost([{ of: "store", max }]), max);
    },
  );
}

test.serial(
  "without a budget, or with one that overlooks something, more is lost",
  async (t) => {
    t.is(await mostLost([]), 5);
    const max = 1;
    t.true((await mostLost([{ of: "store", max, losing: ["process"] }])) > 1);
    t.true((await mostLost([{ of: "store", max, losing: ["network"] }])) > 1);
    t.true(
      (await mostLost([
        { of: "store", max, losing: ["network"] },
        { of: "store", max, losing: ["process"] },
      ])) > 1,
      "one of each at once",
    );
  },
);

const refusedBudgets: [what: string, budget: object, text: RegExp][] = [
  ["a negative max", { max: -1 }, /fault budget option max cannot be -1/],
  ["nothing to lose", { losing: [] }, /option losing cannot be \[\]/],
  [
    "an unknown loss",
    { losing: ["face"] },
    /option losing cannot be \["face"\]/,
  ],
  ["nobody", { of: null }, /option of cannot be null/],
  [
    "an unknown option",
    { maximum: 1 },
    /a fault budget has no option "maximum"/,
  ],
  [
    "a kind that there is not",
    { of: "stroe" },
    /names the kind "stroe", which no process has/,
  ],
  [
    "a label that there is not",
    { of: { tags: { half: "z" } } },
    /names the tag half=z, which no process has/,
  ],
];
for (const [what, budget, text] of refusedBudgets) {
  test.serial(`a fault budget with ${what} is refused`, async (t) => {
    const error = await t.throwsAsync(tried(budget, () => undefined));
    t.true(isSimulationError(error, "bad_option"));
    t.regex(error?.message ?? "", text);
  });
}
