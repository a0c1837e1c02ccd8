/** What a fault injector can do to processes: singly, by label, by place, and until somebody brings them back. */
import test from "ava";

import {
  SimulationBuilder,
  type FaultContext,
  type SimContext,
} from "../../src/runner/index.ts";
import { isSimulationError } from "../../src/sim/index.ts";
import { busyFor, failures } from "./support.ts";

const chaosMs = 10_000;
const attrition = {
  maxDead: 0,
  graceMs: [500, 500],
  recoveryMs: [2_000, 2_000],
} as const;

/** What became of each process, as `up 0` and `back 3000` and `check`. */
type Story = ReadonlyMap<string, string[]>;

/**
 * One seed with four processes in a cluster: two machines, each a zone and data centre of its own, two on each. Tells
 * when each process booted, and who still answers when everything is over.
 */
async function struck(
  inject: (ctx: FaultContext) => unknown,
): Promise<{ failed: string[]; boots: Story }> {
  const boots = new Map<string, string[]>();
  const start = ({ name, time }: SimContext): void => {
    boots.set(name, [...(boots.get(name) ?? []), `${time.now()}`]);
  };
  const report = await new SimulationBuilder()
    .cluster(
      { dataCentres: 2, processesPerMachine: 2 },
      { p: { start, tags: { half: ["x", "y"] } } },
    )
    .workload(busyFor(chaosMs))
    .fault({
      name: "mine",
      inject: async (ctx) => {
        await ctx.time.sleep(1_000);
        await inject(ctx);
      },
    })
    .chaos({ attrition })
    .run({ seeds: 1 });
  return { failed: failures(report), boots };
}

const [a, b, c, d] = ["10.0.1.1", "10.0.1.2", "10.0.1.3", "10.0.1.4"] as const;
const once = ["0"];
const back = ["0", "3000"];

const reboots: [
  what: string,
  inject: (ctx: FaultContext) => unknown,
  boots: string[][],
][] = [
  ["one process", (ctx) => ctx.reboot(b, "crash"), [once, back, once, once]],
  [
    "one process with delays of its own",
    (ctx) => ctx.rebootWithDelays(b, "crash", { recoveryMs: 10 }),
    [once, ["0", "1010"], once, once],
  ],
  [
    "one process with a grace of its own, and the usual recovery",
    (ctx) => ctx.rebootWithDelays(b, "graceful", { graceMs: [70, 70] }),
    [once, ["0", "3070"], once, once],
  ],
  [
    "all with a label",
    (ctx) => ctx.rebootTagged("half", "y", "crash"),
    [once, back, once, back],
  ],
  [
    "a machine",
    (ctx) => ctx.rebootMachine("dc1-z1-m1", "crash"),
    [back, back, once, once],
  ],
  [
    "a zone",
    (ctx) => ctx.rebootZone("dc2-z1", "crash"),
    [once, once, back, back],
  ],
  [
    "a data centre",
    (ctx) => ctx.rebootDataCentre("dc2", "crash_and_wipe"),
    [once, once, back, back],
  ],
  [
    "any group",
    (ctx) => ctx.rebootGroup([a, d], "graceful", { recoveryMs: 0 }),
    [["0", "1500"], once, once, ["0", "1500"]],
  ],
  [
    "whoever is killed, when somebody brings it back",
    async (ctx) => {
      ctx.kill(a);
      await ctx.time.sleep(5_000);
      ctx.bringBack(a);
    },
    [["0", "6000"], once, once, once],
  ],
  [
    "whoever is killed, at the latest when chaos is over",
    (ctx) => ctx.kill(a, { kind: "crash_and_wipe" }),
    [["0", "10000"], once, once, once],
  ],
  [
    "whoever is killed while chaos ends, after the usual time",
    async (ctx) => {
      await ctx.time.sleep(8_800);
      ctx.kill(a, { kind: "graceful" });
    },
    [["0", "12300"], once, once, once],
  ],
  [
    "nobody who is killed for good",
    (ctx) => ctx.killGroup([a, c], { forGood: true }),
    [once, once, once, once],
  ],
  [
    "whoever was killed for good and is brought back all the same",
    async (ctx) => {
      ctx.kill(a, { forGood: true });
      await ctx.time.sleep(1);
      ctx.bringBack(a);
      await ctx.time.sleep(1);
      ctx.reboot(a, "crash");
    },
    [["0", "1001", "3002"], once, once, once],
  ],
];
for (const [what, inject, expected] of reboots) {
  test.serial(`injectors reboot ${what}`, async (t) => {
    const { failed, boots } = await struck(inject);
    t.deepEqual(failed, []);
    t.deepEqual([...boots.values()], expected);
  });
}

test.serial(
  "a group goes down at one instant, those of it that are up",
  async (t) => {
    const { failed } = await struck((ctx) => {
      t.true(ctx.reboot(a, "crash"));
      t.is(ctx.deadCount, 1);
      t.deepEqual(ctx.rebootMachine("dc1-z1-m1", "crash"), [b]);
      t.deepEqual(ctx.rebootZone("dc1-z1", "crash"), []);
      t.deepEqual(ctx.rebootTagged("half", "x", "graceful"), [c]);
      t.is(ctx.deadCount, 3);
      t.is(ctx.rebootRandom("crash"), d, "the only one that is up");
      t.is(ctx.rebootRandom("crash"), undefined);
      t.false(ctx.kill(d));
      t.false(ctx.bringBack(c), "it is still stopping");
      t.true(ctx.bringBack(d));
      t.false(ctx.bringBack(d));
      t.is(ctx.deadCount, 3);
    });
    t.deepEqual(failed, []);
  },
);

test.serial(
  "the processes of a machine die before any of them notices",
  async (t) => {
    const noticed: string[] = [];
    const start = async (ctx: SimContext): Promise<void> => {
      const [first] = ctx.topology.addresses("p", 80);
      if (ctx.index === 0) {
        const listener = await ctx.network.bind(ctx.address(80));
        const connection = await listener.accept();
        await connection.read().catch(() => noticed.push("the first"));
      } else if (ctx.time.now() === 0) {
        await ctx.time.sleep(100);
        const connection = await ctx.network.connect(first as string);
        await connection.read().catch(() => noticed.push(ctx.name));
      }
    };
    const run = (scope: "machine" | "process"): Promise<unknown> =>
      new SimulationBuilder()
        .cluster({ processesPerMachine: 2 }, { p: { start } })
        .workload(busyFor(5_000))
        .fault({
          name: "mine",
          inject: async (ctx) => {
            await ctx.time.sleep(1_000);
            if (scope === "process") ctx.reboot(a, "crash");
            else ctx.rebootMachine("dc1-z1-m1", "crash");
          },
        })
        .run({ seeds: 1 });
    await run("machine");
    t.deepEqual(noticed, []);
    await run("process");
    t.deepEqual(noticed, ["p-1"]);
  },
);

test.serial(
  "who is down for good is dead, and the end of a seed does not wait for it",
  async (t) => {
    let deadCount = -1;
    const { failed } = await struck(async (ctx) => {
      ctx.kill(a, { forGood: true });
      ctx.kill(b);
      await ctx.time.sleep(5_000);
      deadCount = ctx.deadCount;
    });
    t.deepEqual(failed, []);
    t.is(deadCount, 2);
  },
);

test.serial(
  "a label, machine, zone or data centre that does not exist fails the run",
  async (t) => {
    const wrong: ((ctx: FaultContext) => unknown)[] = [
      (ctx) => ctx.rebootTagged("hlaf", "x", "crash"),
      (ctx) => ctx.rebootMachine("dc1", "crash"),
      (ctx) => ctx.rebootZone("dc3-z1", "crash"),
      (ctx) => ctx.rebootDataCentre("", "crash"),
    ];
    for (const inject of wrong) {
      const { failed } = await struck((ctx) => {
        const error = t.throws(() => inject(ctx));
        t.true(isSimulationError(error, "bad_option"));
        return inject(ctx);
      });
      t.regex(failed.join("\n"), /^injector: mine: SimulationError/);
    }
  },
);

test.serial("once chaos is over nobody is taken down any more", async (t) => {
  const { failed, boots } = await struck(async (ctx) => {
    await ctx.time.sleep(20_000, { signal: ctx.chaosShutdown }).catch(() => 0);
    t.false(ctx.reboot(a, "crash"));
    t.is(ctx.rebootRandom("crash"), undefined);
    t.deepEqual(ctx.rebootDataCentre("dc1", "crash"), []);
    t.false(ctx.kill(a));
    t.false(ctx.stall(a, 10));
    t.is(ctx.deadCount, 0);
  });
  t.deepEqual(failed, []);
  t.deepEqual([...boots.values()], [once, once, once, once]);
});

test.serial(
  "one injector acts in each of twenty seeds (simulator reference §21.21)",
  async (t) => {
    let acts = 0;
    const report = await new SimulationBuilder()
      .processes("p", { count: 2 }, () => undefined)
      .workload(busyFor(1_000))
      .fault({
        name: "mine",
        inject: (ctx) => {
          if (ctx.reboot(a, "crash")) acts += 1;
          return Promise.resolve();
        },
      })
      .run({ seeds: 20, rerunShare: 0 });
    t.deepEqual(failures(report), []);
    t.true(acts >= 20, "some seeds are run again, for proof");
    t.is(report.faults.get("crash"), 20);
  },
);

const astray: [what: string, inject: (ctx: FaultContext) => unknown][] = [
  ["a reboot", (ctx) => ctx.reboot("p-0", "crash")],
  ["a kill of several", (ctx) => ctx.killGroup(["10.0.1.1", "10.9.9.9"])],
  ["a return", (ctx) => ctx.bringBack("10.9.9.9")],
  ["a stall", (ctx) => ctx.stall("10.9.9.9", 10)],
  ["a partition", (ctx) => ctx.partition("10.0.1.1", ["10.0.1.2", "p-0"])],
  ["a cut", (ctx) => ctx.cut({ to: "p-0" })],
  ["a clog", (ctx) => ctx.clog([{ from: "10.0.1.1" }, { from: "p-0" }])],
  ["a disk", (ctx) => ctx.troubleDisk("p-0", { iops: 10 })],
];
for (const [what, inject] of astray) {
  test.serial(
    `${what} at an address at which nobody lives is refused, and nothing breaks`,
    async (t) => {
      const { failed, boots } = await struck((ctx) => {
        const error = t.throws(() => inject(ctx));
        t.true(isSimulationError(error, "bad_option"));
        t.regex(error.message, /nobody lives at "(?:p-0|10\.9\.9\.9)"/);
        t.is(ctx.deadCount, 0);
        t.false(ctx.isPartitioned("10.0.1.1", "10.0.1.2"));
      });
      t.deepEqual(failed, []);
      t.true([...boots.values()].every(({ length }) => length === 1));
    },
  );
}
