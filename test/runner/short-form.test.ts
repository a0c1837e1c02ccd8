/** The short form: one function for clients and servers. */
import test from "ava";

import { assertAlways } from "../../src/assertions/index.ts";
import { SimulationBuilder, type SimContext } from "../../src/runner/index.ts";
import { isSimulationError } from "../../src/sim/index.ts";
import { echoes, echoServer, failures, passes } from "./support.ts";

/** Servers echo; clients demand an answer of each of them. */
async function main(ctx: SimContext): Promise<void> {
  if (ctx.role === "server") return echoServer(ctx);
  await ctx.time.sleep(10);
  for (const address of ctx.topology.addresses("server", 7)) {
    assertAlways(await echoes(ctx, address), "a server answers", { address });
  }
}

test.serial(
  "the short form runs one function as clients and as servers",
  async (t) => {
    const told = new Set<string>();
    const report = await new SimulationBuilder()
      .withoutChecks()
      .topology({ clients: 2, servers: 1 })
      .run(
        (ctx) => {
          told.add(`${ctx.role} ${ctx.name} ${ctx.index + 1}/${ctx.count}`);
          return main(ctx);
        },
        { seeds: 3, base: 6 },
      );
    t.deepEqual(failures(report), []);
    t.true(report.success);
    t.deepEqual([...told].toSorted(), [
      "client client-0 1/2",
      "client client-1 2/2",
      "server server 1/1",
    ]);
    t.is(passes(report, "a server answers"), 3 * 2);
    t.is(report.fingerprints.size, 3);
  },
);

test.serial(
  "the short form takes chaos, phases and options like the long one",
  async (t) => {
    const simulation = (): SimulationBuilder =>
      new SimulationBuilder("short")
        .withoutChecks()
        .chaos({ network: "random" });
    const short = await simulation()
      .topology({ clients: 1, servers: 2 })
      .run(
        (ctx) =>
          ctx.role === "server" ? echoServer(ctx) : ctx.time.sleep(3_000),
        { seeds: 4, base: 6 },
      );
    t.is(short.name, "short");
    t.true(short.success);
    t.true(short.faults.has("partition"));
    const long = await simulation()
      .processes("server", { count: 2 }, echoServer)
      .workload(() => ({
        name: "client",
        run: ({ time }) => time.sleep(3_000),
      }))
      .run({ seeds: 4, base: 6 });
    t.deepEqual(short.fingerprints, long.fingerprints);
  },
);

test.serial("the short form reports what breaks in a client", async (t) => {
  const report = await new SimulationBuilder()
    .withoutChecks()
    .topology({ clients: 1, servers: 1 })
    .run((ctx) => {
      if (ctx.role === "client") throw new Error("boom");
      return Promise.resolve();
    });
  t.is(failures(report)[0], "workload: client.run: Error: boom");
});

test("the short form refuses to do without servers", async (t) => {
  const error = await t.throwsAsync(async () =>
    new SimulationBuilder()
      .withoutChecks()
      .topology({ clients: 1, servers: 0 })
      .run(main),
  );
  t.true(isSimulationError(error, "bad_option"));
  t.like(error, { details: { option: "count", value: 0 } });
});
