/** Many workloads of one factory: how many there are, and which client each of them is. */
import { inspect } from "node:util";
import test from "ava";

import {
  SimulationBuilder,
  type ClientId,
  type SimContext,
  type WorkloadCount,
  type WorkloadOptions,
} from "../../src/runner/index.ts";
import { SimulationError } from "../../src/sim/index.ts";
import { failures, workload } from "./support.ts";

const byValue = (left: number, right: number): number => left - right;

/** Run seeds, and return what the clients of each said of themselves. */
async function clients(
  seeds: number,
  count: WorkloadCount,
  options?: WorkloadOptions,
): Promise<SimContext[][]> {
  const said: SimContext[][] = [];
  const run = (ctx: SimContext): Promise<void> =>
    Promise.resolve(void said.at(-1)?.push(ctx));
  const report = await new SimulationBuilder()
    .withoutChecks()
    .workloads(count, () => ({ name: "shopper", run }), options)
    .workload(workload({ name: "other" }))
    .beforeIteration(() => void said.push([]))
    .run({ seeds, base: 3 });
  if (!report.success) throw new Error(failures(report).join("\n"));
  return said;
}

test.serial(
  "workloads makes so many of one factory, and tells each its number",
  async (t) => {
    const made: number[] = [];
    const factory = (index: number) => {
      made.push(index);
      return { name: "work", run: () => Promise.resolve() };
    };
    await new SimulationBuilder()
      .withoutChecks()
      .workload(workload())
      .workloads(3, factory)
      .run({ seeds: 2 });
    t.deepEqual(made, [0, 1, 2, 0, 1, 2]);
  },
);

test.serial(
  "clients are counted from 0, or from the number that was given",
  async (t) => {
    const ids = async (options?: WorkloadOptions) =>
      (await clients(1, 3, options))[0]?.map(
        ({ name, clientId, clientCount }) =>
          `${name} ${clientId} of ${clientCount}`,
      );
    t.deepEqual(await ids(), [
      ...["shopper-0 0 of 3", "shopper-1 1 of 3", "shopper-2 2 of 3"],
    ]);
    t.deepEqual(await ids({ clientId: 500 }), [
      ...["shopper-0 500 of 3", "shopper-1 501 of 3", "shopper-2 502 of 3"],
    ]);
  },
);

test.serial(
  "a drawn number of workloads takes every value of its range, none included",
  async (t) => {
    const seeds = await clients(200, [0, 2]);
    const counts = new Set(seeds.map((said) => said.length));
    t.deepEqual([...counts].toSorted(byValue), [0, 1, 2]);
    for (const said of seeds)
      for (const { clientCount } of said) t.is(clientCount, said.length);
  },
);

test.serial(
  "drawn client ids are within their range, all of it, and no two alike in a seed",
  async (t) => {
    const seen = new Set<number>();
    for (const said of await clients(200, 4, { clientId: [10, 15] })) {
      const ids = said.map(({ clientId }) => clientId);
      t.is(new Set(ids).size, 4);
      for (const id of ids) seen.add(id);
    }
    t.deepEqual([...seen].toSorted(byValue), [10, 11, 12, 13, 14, 15]);
    const [all] = await clients(1, 3, { clientId: [7, 9] });
    t.deepEqual(
      all?.map(({ clientId }) => clientId).toSorted(byValue),
      [7, 8, 9],
    );
  },
);

test.serial("a process's client id is its number among its kind", async (t) => {
  const said: string[] = [];
  await new SimulationBuilder()
    .withoutChecks()
    .processes("a", { count: 2 }, (ctx) => {
      said.push(`${ctx.name} ${ctx.clientId} of ${ctx.clientCount}`);
    })
    .run({ seeds: 1 });
  t.deepEqual(said, ["a-0 0 of 2", "a-1 1 of 2"]);
});

const mistakes: [WorkloadCount, ClientId, option: string][] = [
  [0, 0, "count"],
  [[2, 1], 0, "count"],
  [1.5, 0, "count"],
  [2, -1, "clientId"],
  [2, [5, 5], "clientId"],
  [[0, 3], [1, 2], "clientId"],
];
for (const [count, clientId, option] of mistakes) {
  test(`the builder refuses ${inspect(count)} workloads with client ids ${inspect(clientId)}`, (t) => {
    const factory = workload();
    const call = () =>
      new SimulationBuilder()
        .withoutChecks()
        .workloads(count, factory, { clientId });
    const error = t.throws(call, { instanceOf: SimulationError });
    t.like(error, { code: "bad_option", details: { option } });
  });
}
