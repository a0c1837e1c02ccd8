/** What a fault injector can do to disks. */
import test from "ava";

import { OpenOptions } from "../../src/core/index.ts";
import { SimulationBuilder } from "../../src/runner/index.ts";
import { busyFor, failures } from "./support.ts";

const [a, b] = ["10.0.1.1", "10.0.1.2"] as const;

test.serial(
  "an injector troubles one disk, until it is mended or chaos is over",
  async (t) => {
    const slow = new Set<string>();
    const report = await new SimulationBuilder()
      .processes("p", { count: 2 }, async (ctx) => {
        const file = await ctx.storage.open("log", OpenOptions.openOrCreate);
        for (;;) {
          const startMs = ctx.time.now();
          await file.append(new Uint8Array([1]));
          const tookMs = ctx.time.now() - startMs;
          if (tookMs > 90)
            slow.add(`${ctx.name} at ${Math.floor(startMs / 1_000)}`);
          await ctx.time.sleep(200);
        }
      })
      .workload(busyFor(5_000, { check: ({ time }) => time.sleep(3_000) }))
      .faultBudget({ of: "p", max: 1, losing: ["disk"] })
      .fault({
        name: "mine",
        inject: async (ctx) => {
          const { time } = ctx;
          await time.sleep(1_000);
          t.true(ctx.troubleDisk(a, { writeMs: [100, 100] }));
          t.false(ctx.troubleDisk(b, { writeMs: [100, 100] }), "over budget");
          await time.sleep(1_000);
          ctx.mendDisk(a);
          await time.sleep(2_000);
          t.true(ctx.troubleDisk(b, { writeMs: [100, 100] }));
          await time.sleep(5_000, { signal: ctx.chaosShutdown }).catch(() => 0);
          t.false(ctx.troubleDisk(a, { writeMs: [100, 100] }), "chaos is over");
        },
      })
      .run({ seeds: [1] });
    t.deepEqual(failures(report), []);
    t.deepEqual([...slow], ["p-0 at 1", "p-1 at 4"]);
    t.is(report.faults.get("disk trouble"), 2);
  },
);
