/** Which operations of a workload a seed uses, and how often. */
import test from "ava";

import {
  SimulationBuilder,
  type OperationMode,
  type OperationTable,
  type OperationWeights,
  type SimContext,
} from "../../src/runner/index.ts";
import { failures, prints, workload } from "./support.ts";

const seedCount = 200;
const steps = 100;

/** What two workloads of one kind did in each seed. */
async function mixes(
  table: OperationTable,
  operations?: OperationMode,
): Promise<{
  weights: OperationWeights[];
  counts: Record<string, number>[];
  prints: string[];
}> {
  const weights: OperationWeights[] = [];
  const counts: Record<string, number>[] = [];
  const one = workload({
    run: async (ctx) => {
      const mix = ctx.operations(table);
      const done: Record<string, number> = {};
      for (let step = 0; step < steps; step += 1) {
        const name = await mix.next();
        done[name] = (done[name] ?? 0) + 1;
      }
      weights.push(mix.weights);
      counts.push(done);
    },
  });
  const report = await new SimulationBuilder()
    .workload(one)
    .workload(one)
    .chaos(operations === undefined ? {} : { operations })
    .run({ seeds: seedCount, base: 8 });
  return { weights, counts, prints: prints(report) };
}

const nothing = (): undefined => undefined;
const three = { read: nothing, write: nothing, erase: nothing };

test.serial(
  "each operation is left out of about half of the seeds, and never all of them",
  async (t) => {
    const { weights, counts } = await mixes(three);
    for (const name of Object.keys(three)) {
      const used = weights.filter((seed) => (seed[name] ?? 0) > 0).length;
      const share = used / weights.length;
      t.true(share > 0.42 && share < 0.68, `${name}: ${share}`);
    }
    t.true(weights.every((seed) => Object.values(seed).some((one) => one > 0)));
    const masks = weights.map((seed) =>
      Object.values(seed).map((one) => one > 0),
    );
    t.is(new Set(masks.map(String)).size, 7, "every combination but none");
    for (const [at, done] of counts.entries())
      t.deepEqual(
        Object.keys(done).filter((name) => weights[at]?.[name] === 0),
        [],
      );
  },
);

test.serial(
  "operations happen as often as they weigh, and their weights differ from seed to seed",
  async (t) => {
    const { weights, counts } = await mixes(three, "random");
    t.true(
      weights.every((seed) => Object.values(seed).every((one) => one > 0)),
    );
    t.deepEqual(
      [...new Set(weights.flatMap((seed) => Object.values(seed)))].sort(
        (left, right) => left - right,
      ),
      [1, 2, 4, 8],
    );
    let error = 0;
    for (const [at, done] of counts.entries()) {
      const seed = weights[at] ?? {};
      const total = Object.values(seed).reduce((sum, one) => sum + one, 0);
      for (const name of Object.keys(three))
        error += Math.abs(
          (done[name] ?? 0) / steps - (seed[name] ?? 0) / total,
        );
    }
    const mean = error / (counts.length * Object.keys(three).length);
    t.true(mean < 0.05, `a share is off by ${mean} on average`);
  },
);

test.serial("workloads of one kind leave out the same", async (t) => {
  const { weights } = await mixes(three);
  for (let at = 0; at < weights.length; at += 2)
    t.deepEqual(weights[at], weights[at + 1]);
});

test.serial("the seed decides, and off leaves nothing out", async (t) => {
  t.deepEqual(await mixes(three), await mixes(three));
  const { weights } = await mixes(three, "off");
  t.true(
    weights.every((seed) => Object.values(seed).every((one) => one === 1)),
  );
});

test.serial(
  "leaving operations out does not move the chance of others",
  async (t) => {
    const draws = async (operations: OperationMode): Promise<number[]> => {
      const seen: number[] = [];
      const run = async (ctx: SimContext): Promise<void> => {
        const mix = ctx.operations(three);
        for (let step = 0; step < steps; step += 1) mix.pick();
        seen.push(ctx.random.uint32());
      };
      await new SimulationBuilder()
        .workload(workload({ run }))
        .chaos({ operations })
        .run({ seeds: 20, base: 8 });
      return seen;
    };
    t.deepEqual(await draws("swarm"), await draws("off"));
  },
);

test.serial(
  "what an operation throws is thrown on, and a table of nothing is refused",
  async (t) => {
    const run = async (table: OperationTable): Promise<string[]> =>
      failures(
        await new SimulationBuilder()
          .workload(
            workload({
              run: async (ctx) => void (await ctx.operations(table).next()),
            }),
          )
          .run({ seeds: [1] }),
      );
    const message = "Error: it failed";
    const fails = (): never => {
      throw new Error("it failed");
    };
    t.regex((await run({ fails }))[0] ?? "", new RegExp(message));
    t.regex((await run({}))[0] ?? "", /has nothing to do/);
    const noFunction = { read: 7 } as unknown as OperationTable;
    t.regex((await run(noFunction))[0] ?? "", /"read" is no function/);
    const wrong = { operations: "some" as OperationMode };
    t.throws(() => new SimulationBuilder().chaos(wrong), {
      code: "bad_option",
    });
  },
);
