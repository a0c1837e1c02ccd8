/** Who takes part in a seed: counts, kinds, names, addresses, and what each knows of the others. */
import test from "ava";

import { isSimulationError } from "../../src/sim/index.ts";
import {
  SimulationBuilder,
  type Count,
  type SimContext,
} from "../../src/runner/index.ts";
import { busyFor, failures, workload } from "./support.ts";

/** Run seeds and return what every process and workload said of itself, seed after seed. */
async function introductions(
  seeds: number,
  processes: Record<string, Count>,
  workloads: string[],
): Promise<string[][]> {
  const said: string[][] = [];
  const introduce = ({
    name,
    role,
    ip,
    index,
    count,
    address,
  }: SimContext): void => {
    said
      .at(-1)
      ?.push(
        `${role} ${name} ${index + 1}/${count} at ${address(80)}${address(80).startsWith(ip) ? "" : "!"}`,
      );
  };
  const builder = new SimulationBuilder().withoutChecks();
  for (const [name, count] of Object.entries(processes))
    builder.processes(name, { count }, introduce);
  for (const name of workloads)
    builder.workload(
      workload({ name, run: (ctx) => Promise.resolve(introduce(ctx)) }),
    );
  builder.workload(() => {
    said.push([]);
    return { name: "last", run: ({ time }) => time.sleep(1) };
  });
  const report = await builder.run({ seeds, base: 8, rerunShare: 0 });
  if (!report.success) throw new Error(failures(report).join("\n"));
  return said.filter((lines) => lines.length > 0);
}

test.serial(
  "processes and workloads are named by kind, and numbered where there are several",
  async (t) => {
    const [first] = await introductions(1, { bank: 2, web: 1 }, [
      "shopper",
      "auditor",
      "shopper",
    ]);
    t.deepEqual(first, [
      "server bank-0 1/2 at 10.0.1.1:80",
      "server bank-1 2/2 at 10.0.1.2:80",
      "server web 1/1 at 10.0.1.3:80",
      "client shopper-0 1/2 at 10.1.0.1:80",
      "client auditor 1/1 at 10.1.0.2:80",
      "client shopper-1 2/2 at 10.1.0.3:80",
    ]);
  },
);

test.serial(
  "a fixed count is the same in every seed, a range is drawn with both its ends",
  async (t) => {
    const seeds = await introductions(300, { fixed: 3, ranging: [1, 4] }, []);
    const counts = new Map<number, number>();
    t.is(seeds.length, 300);
    for (const said of seeds) {
      t.is(said.filter((line) => line.includes("fixed")).length, 3);
      const ranging = said.filter((line) => line.includes("ranging")).length;
      counts.set(ranging, (counts.get(ranging) ?? 0) + 1);
    }
    t.deepEqual(
      [...counts.keys()].toSorted((left, right) => left - right),
      [1, 2, 3, 4],
    );
    for (const [count, seedCount] of counts)
      t.true(
        seedCount > 45 && seedCount < 105,
        `${count}: ${seedCount} of 300`,
      );
  },
);

test.serial(
  "a kind of more than a few hundred processes gets addresses that all differ",
  async (t) => {
    const [said] = await introductions(1, { many: 600 }, []);
    t.is(new Set(said?.map((line) => line.split(" at ")[1])).size, 600);
    t.true(said?.[254]?.endsWith("10.0.2.1:80"));
  },
);

test.serial("everybody sees the same topology, by kind", async (t) => {
  const seen: unknown[] = [];
  const look = ({ topology }: SimContext): void => {
    seen.push([
      topology.ips("bank"),
      topology.addresses("web", 80),
      topology.processes.length,
      topology.workloads.length,
    ]);
  };
  await new SimulationBuilder()
    .withoutChecks()
    .processes("bank", { count: 2 }, look)
    .processes("web", {}, look)
    .workload(workload({ run: (ctx) => Promise.resolve(look(ctx)) }))
    .run({ seeds: 1 });
  t.is(seen.length, 4);
  for (const view of seen)
    t.deepEqual(view, [["10.0.1.1", "10.0.1.2"], ["10.0.1.3:80"], 3, 1]);
});

test.serial(
  "everybody knows everybody else by name and address, workloads first, and never itself",
  async (t) => {
    const seen: Record<string, string> = {};
    const look = (ctx: SimContext): void => {
      const peers = ctx.peers.map(({ name, ip }) => `${name} ${ip}`);
      seen[ctx.name] = peers.join(", ");
      t.is(ctx.peer(ctx.name).ip, ctx.ip);
      t.like(ctx.peer("bank-1"), { ip: "10.0.1.2", kind: "bank", index: 1 });
      t.deepEqual(ctx.topology.processIps, ["10.0.1.1", "10.0.1.2"]);
      const error = t.throws(() => ctx.peer("bnak"));
      t.true(isSimulationError(error, "bad_option"));
      t.regex(
        error.message,
        /no member "bnak" here, only work, bank-0, bank-1/,
      );
    };
    const report = await new SimulationBuilder()
      .withoutChecks()
      .processes("bank", { count: 2 }, look)
      .workload(workload({ run: (ctx) => Promise.resolve(look(ctx)) }))
      .run({ seeds: 1 });
    t.deepEqual(failures(report), []);
    t.deepEqual(seen, {
      "bank-0": "work 10.1.0.1, bank-1 10.0.1.2",
      "bank-1": "work 10.1.0.1, bank-0 10.0.1.1",
      work: "bank-0 10.0.1.1, bank-1 10.0.1.2",
    });
  },
);

test.serial(
  "a kind that does not exist is refused with the kinds that do",
  async (t) => {
    let error: unknown;
    const run = (ctx: SimContext): Promise<void> => {
      error = t.throws(() => ctx.topology.ips("bnak"));
      return Promise.resolve();
    };
    await new SimulationBuilder()
      .withoutChecks()
      .processes("bank", {}, () => undefined)
      .workload(workload({ run }))
      .run({ seeds: 1 });
    t.true(isSimulationError(error, "bad_option"));
    t.like(error, { details: { option: "process kind", value: "bnak" } });
    t.is(
      (error as Error).message,
      '[bad_option] there is no process "bnak" here, only bank',
    );
  },
);

test.serial(
  "each seed has workloads of its own, and a workload keeps its state through its three parts",
  async (t) => {
    const parts: string[][] = [];
    class Stateful {
      readonly name = "stateful";
      readonly #lived: string[] = [];
      constructor() {
        parts.push(this.#lived);
      }
      async setup(): Promise<void> {
        this.#lived.push("setup");
      }
      async run(): Promise<void> {
        this.#lived.push("run");
      }
      async check(): Promise<void> {
        this.#lived.push("check");
      }
    }
    await new SimulationBuilder()
      .withoutChecks()
      .workload(() => new Stateful())
      .run({ seeds: 3 });
    t.deepEqual(
      parts.filter((lived) => lived.length > 0),
      [1, 2, 3].map(() => ["setup", "run", "check"]),
    );
  },
);

test.serial(
  "a workload's machine has a disk and a clock of its own",
  async (t) => {
    const ips = new Set<string>();
    const run = async ({
      ip,
      storage,
      stopped,
      shutdown,
    }: SimContext): Promise<void> => {
      ips.add(ip);
      t.false(await storage.exists("note"));
      await using file = await storage.open("note", {
        write: true,
        create: true,
      });
      await file.append(new Uint8Array([1]));
      t.false(stopped || shutdown.aborted);
    };
    const report = await new SimulationBuilder()
      .withoutChecks()
      .workload(workload({ run }))
      .workload(workload({ run }))
      .workload(busyFor(5))
      .run({ seeds: 1 });
    t.deepEqual(failures(report), []);
    t.deepEqual([...ips], ["10.1.0.1", "10.1.0.2"]);
  },
);

test.serial(
  "one that is alone of its kind answers to its number, too: a drawn count may be 1",
  async (t) => {
    let answered: string | undefined;
    const report = await new SimulationBuilder()
      .withoutChecks()
      .processes("bank", { count: [1, 1] }, async (ctx) => {
        void (await ctx.network.bind(ctx.address(80)));
      })
      .workload(
        workload({
          async run(ctx) {
            t.is(ctx.peer("bank-0").name, "bank");
            const connection = await ctx.network.connect("bank-0:80");
            answered = connection.remote.key;
          },
        }),
      )
      .run({ seeds: [1] });
    t.deepEqual(failures(report), []);
    t.is(answered, "10.0.1.1:80");
  },
);
