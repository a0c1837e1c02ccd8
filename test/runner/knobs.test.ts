/** `buggifyKnob` in a run: one coin a knob and seed, one value from boot to check. */
import test from "ava";

import { assertAlways, buggifyKnob } from "../../src/assertions/index.ts";
import { SimulationBuilder, type SimContext } from "../../src/runner/index.ts";
import { stateKey } from "../../src/sim/index.ts";
import { failures, prints, workload } from "./support.ts";

const seedCount = 200;

/** The values of knobs in each of many seeds. */
async function values(
  ...asks: (() => number)[]
): Promise<{ seeds: number[][]; prints: string[] }> {
  const seeds: number[][] = [];
  const run = (): Promise<void> => {
    seeds.push(asks.map((ask) => ask()));
    return Promise.resolve();
  };
  const report = await new SimulationBuilder()
    .workload(workload({ run }))
    .run({ seeds: seedCount, base: 51 });
  return { seeds, prints: prints(report) };
}

test.serial(
  "a knob is turned in about half of the seeds, anywhere in its range",
  async (t) => {
    const { seeds } = await values(
      () => buggifyKnob("whole", 100, [1, 4]),
      () => buggifyKnob("real", 100, [0.5, 1.5]),
    );
    const turned = (at: number): number[] =>
      seeds.map((seed) => seed[at] as number).filter((value) => value !== 100);
    for (const at of [0, 1]) {
      const share = turned(at).length / seedCount;
      t.true(share > 0.4 && share < 0.6, `${share}`);
    }
    t.deepEqual(
      [...new Set(turned(0))].sort((left, right) => left - right),
      [1, 2, 3, 4],
    );
    t.true(turned(1).every((value) => value >= 0.5 && value <= 1.5));
    t.true(new Set(turned(1)).size > 80);
    const both = seeds.filter(([whole, real]) => whole !== 100 && real !== 100);
    const share = both.length / seedCount;
    t.true(share > 0.17 && share < 0.33, `together: ${share}`);
  },
);

test.serial(
  "a knob keeps its value for the whole seed, everywhere",
  async (t) => {
    const first = stateKey<number>("first value");
    let asked = 0;
    const look = (ctx: SimContext): void => {
      const value = buggifyKnob("limit", 0, [1, 1_000_000]);
      const seed = ctx.state.get(first) ?? value;
      ctx.state.publish(first, seed);
      assertAlways(value === seed, "the value stays");
      asked += 1;
    };
    const everywhere = {
      setup: async (ctx: SimContext) => look(ctx),
      check: async (ctx: SimContext) => look(ctx),
      run: async (ctx: SimContext) => {
        for (let turn = 0; turn < 20; turn += 1) {
          look(ctx);
          await ctx.time.sleep(500);
        }
      },
    };
    const report = await new SimulationBuilder()
      .processes("server", { count: 2 }, (ctx) => look(ctx))
      .workload(workload(everywhere))
      .chaos({ attrition: {} })
      .run({ seeds: 20, base: 3 });
    t.deepEqual(failures(report), []);
    t.true(asked > 20 * 24, `${asked}, reboots included`);
  },
);

test.serial(
  "a knob that is added turns no other, and a seed decides all",
  async (t) => {
    const old = (): number => buggifyKnob("old", 0, [1, 1_000]);
    const added = (): number => buggifyKnob("new", 0, [1, 1_000]);
    const alone = await values(old);
    const beside = await values(added, old);
    t.deepEqual(
      beside.seeds.map(([, value]) => value),
      alone.seeds.map(([value]) => value),
    );
    t.deepEqual(await values(added, old), beside);
  },
);
