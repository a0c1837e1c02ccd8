/** What a fault injector can do to the network: between groups of machines, one way or both, and all of it undone. */
import test from "ava";

import { assertAlways } from "../../src/assertions/index.ts";
import {
  SimulationBuilder,
  type FaultContext,
  type SimulationReport,
} from "../../src/runner/index.ts";
import type { LinkRule } from "../../src/sim/index.ts";
import {
  busyFor,
  echoes,
  echoPort,
  echoServer,
  failures,
  workload,
} from "./support.ts";

const machines = ["10.0.1.1", "10.0.1.2", "10.0.1.3", "10.1.0.1"] as const;
const [a, b, c, client] = machines;

/** Which ways nothing gets through, as `from>to` by their last bytes. */
function cuts({ isPartitioned }: FaultContext): string {
  const ways = machines.flatMap((from) =>
    machines
      .filter((to) => isPartitioned(from, to))
      .map((to) => `${nameOf(from)}>${nameOf(to)}`),
  );
  return ways.join(" ");
}

function nameOf(ip: string): string {
  return ["a", "b", "c", "w"][machines.indexOf(ip as typeof a)] as string;
}

async function struck(
  inject: (ctx: FaultContext) => unknown,
): Promise<SimulationReport> {
  return new SimulationBuilder()
    .processes("p", { count: 3 }, () => undefined)
    .workload(busyFor(1_000))
    .fault({
      name: "mine",
      inject: async (ctx) => {
        await inject(ctx);
      },
    })
    .run({ seeds: 1 });
}

test.serial(
  "a partition of groups cuts each of the one off from each of the other",
  async (t) => {
    const report = await struck((ctx) => {
      t.true(ctx.partition([a, client], [b, c]));
      t.is(cuts(ctx), "a>b a>c b>a b>w c>a c>w w>b w>c");
      ctx.heal(c, [a, client]);
      t.is(cuts(ctx), "a>b b>a b>w w>b");
    });
    t.deepEqual(failures(report), []);
    t.is(report.faults.get("partition"), 4);
  },
);

test.serial("several ways are cut and mended together", async (t) => {
  const report = await struck((ctx) => {
    t.true(ctx.cut([{ from: a, to: b }, { to: c }]));
    t.is(cuts(ctx), "a>b a>c b>c w>c");
    ctx.mend([{ to: c }]);
    t.is(cuts(ctx), "a>b");
  });
  t.deepEqual(failures(report), []);
});

test.serial(
  "healAll heals every partition and every cut, whoever made it",
  async (t) => {
    const report = await struck(async (ctx) => {
      ctx.partition(a, b);
      ctx.cut({ from: c });
      ctx.cut({ from: client, to: a });
      t.is(cuts(ctx), "a>b b>a c>a c>b c>w w>a");
      ctx.healAll();
      t.is(cuts(ctx), "");
    });
    t.deepEqual(failures(report), []);
  },
);

test.serial(
  "everything is healed when chaos is over, both ways (simulator reference §21.25)",
  async (t) => {
    const report = await struck(async (ctx) => {
      ctx.partition(a, [b, c]);
      ctx.cut([{ from: b, to: c }, { to: client }]);
      ctx.clog({ from: a });
      await ctx.time.sleep(5_000, { signal: ctx.chaosShutdown }).catch(() => 0);
      t.is(cuts(ctx), "");
      t.false(ctx.partition(a, b));
      t.false(ctx.cut({ from: a }));
      t.false(ctx.clog({ from: a }));
      t.deepEqual(ctx.circuits, []);
      t.is(cuts(ctx), "");
    });
    t.deepEqual(failures(report), []);
  },
);

test.serial(
  "an injector's rule decides about single messages until it is removed, or chaos is over",
  async (t) => {
    const seenBy: string[][] = [[], []];
    const rule =
      (seen: string[] = []): LinkRule =>
      ({ from, kind }) => {
        if (kind === "bytes") seen.push(from.ip);
        return "pass";
      };
    const report = await new SimulationBuilder()
      .processes("echo", {}, echoServer)
      .workload(
        workload({
          run: async (ctx) => {
            const [address = ""] = ctx.topology.addresses("echo", echoPort);
            for (const atMs of [100, 300, 1_500]) {
              await ctx.time.sleep(atMs - ctx.time.now());
              assertAlways(await echoes(ctx, address), "echoes");
            }
          },
        }),
      )
      .fault({
        name: "mine",
        inject: async (ctx) => {
          ctx.filter(rule(seenBy[0]));
          using removed = ctx.filter(rule(seenBy[1]));
          await ctx.time.sleep(200);
          removed.review();
          removed.remove();
          await ctx.time.sleep(1_000);
          // Chaos is over: whoever comes too late breaks nothing.
          ctx.filter(() => "reset").review();
        },
      })
      .phases({ chaosMs: 1_000 })
      .run({ seeds: [1] });
    t.true(report.success);
    const once = ["10.1.0.1", "10.0.1.1"];
    t.deepEqual(seenBy, [[...once, ...once], once]);
  },
);
