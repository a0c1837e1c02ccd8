/** Attack workloads: clients that break things while chaos lasts. */
import test from "ava";

import {
  machineAttrition,
  randomClogging,
  rollingRestart,
  SimulationBuilder,
  type AttackFactory,
  type AttackWorkload,
  type SimulationReport,
} from "../../src/runner/index.ts";
import { isSimulationError } from "../../src/sim/index.ts";
import {
  busyFor,
  echoes,
  echoPort,
  echoServer,
  failures,
  prints,
  succeeded,
} from "./support.ts";

const server = "10.0.1.1";

/** An attack called `mine` with these parts. */
function mine(parts: Partial<AttackWorkload>): AttackFactory {
  return () => ({ name: "mine", attack: () => Promise.resolve(), ...parts });
}

test.serial(
  "an attack is a client with the hands of an injector, through all phases",
  async (t) => {
    const story: string[] = [];
    const report = await new SimulationBuilder()
      .processes("echo", {}, echoServer)
      .workload(busyFor(5_000))
      .attack(
        mine({
          setup: async (ctx) => {
            story.push(`${ctx.name} ${ctx.role} ${ctx.ip} sets up`);
            await ctx.time.sleep(10);
          },
          attack: async (faults, ctx) => {
            const address = `${server}:${echoPort}`;
            story.push(`answered: ${await echoes(ctx, address)}`);
            faults.kill(server);
            story.push(`answered: ${await echoes(ctx, address)}`);
          },
          check: async (ctx) => {
            story.push(
              `answered: ${await echoes(ctx, `${server}:${echoPort}`)}`,
            );
          },
        }),
      )
      .run({ seeds: 1 });
    t.deepEqual(failures(report), []);
    t.deepEqual(story, [
      "mine client 10.1.0.2 sets up",
      "answered: true",
      "answered: false",
      "answered: true",
    ]);
  },
);

test.serial(
  "an attack does not keep chaos going, and ends with it",
  async (t) => {
    const ends: number[] = [];
    const endless = mine({
      attack: async ({ time, chaosShutdown }) => {
        while (!chaosShutdown.aborted)
          await time.sleep(100_000, { signal: chaosShutdown }).catch(() => 0);
        ends.push(time.now());
      },
    });
    const of = (builder: SimulationBuilder): Promise<SimulationReport> =>
      builder.attack(endless).phases({ chaosMs: 3_000 }).run({ seeds: 1 });
    succeeded(await of(new SimulationBuilder().workload(busyFor(1_000))));
    succeeded(
      await of(new SimulationBuilder().processes("p", {}, () => undefined)),
    );
    t.deepEqual(ends, [1_000, 3_000]);
  },
);

test.serial(
  "what an attack throws fails the run, and so does one that does not end; neither is checked",
  async (t) => {
    const check = (): Promise<void> => Promise.reject(new Error("checked"));
    const run = async (attack: AttackWorkload["attack"]): Promise<string[]> =>
      failures(
        await new SimulationBuilder()
          .workload(busyFor(1_000))
          .attack(mine({ attack, check }))
          .run({ seeds: 1 }),
      );
    t.deepEqual(await run(() => Promise.reject(new Error("lost my way"))), [
      "injector: mine: Error: lost my way",
    ]);
    const [stuck, ...more] = await run(({ time }) => time.sleep(1_000_000));
    t.regex(
      stuck ?? "",
      /^stuck: mine\.inject has not finished within 60000 ms/,
    );
    t.deepEqual(more, []);
    const crashed = await run((_, ctx) => {
      ctx.tasks.spawn("bad", () => Promise.reject(new Error("in a task")));
      return ctx.time.sleep(1_000_000);
    });
    t.deepEqual(crashed, ["crash: mine: Error: in a task"]);
  },
);

test.serial(
  "an attack takes part in the share of seeds that was asked for",
  async (t) => {
    const share = async (probability?: number): Promise<number> => {
      const report = await new SimulationBuilder()
        .workload(busyFor(10))
        .attack(
          mine({ attack: ({ note }) => Promise.resolve(note("attacked")) }),
          probability === undefined ? {} : { probability },
        )
        .run({ seeds: 200, base: 4 });
      succeeded(report);
      return report.faults.get("attacked") ?? 0;
    };
    const some = await share(0.25);
    t.true(some > 30 && some < 70, `${some} of 200`);
    t.is(await share(0), 0);
    t.is(await share(), 200);
  },
);

for (const probability of [-0.1, 1.1, NaN]) {
  test(`an attack with probability ${probability} is refused`, (t) => {
    const error = t.throws(() =>
      new SimulationBuilder().attack(mine({}), { probability }),
    );
    t.true(isSimulationError(error, "bad_option"));
  });
}

/** Six processes on three machines under this attack, for twenty seconds. */
async function attacked(
  factory: AttackFactory,
): Promise<{ downs: Set<string>; report: SimulationReport }> {
  const downs = new Set<string>();
  const report = await new SimulationBuilder()
    .cluster(
      { machinesPerZone: 3, processesPerMachine: 2 },
      { p: { start: () => undefined } },
    )
    .workload(busyFor(60_000))
    .phases({ chaosMs: 60_000 })
    .attack(factory)
    .fault({
      name: "look",
      inject: async ({ time, topology, isAlive, chaosShutdown }) => {
        while (!chaosShutdown.aborted) {
          const down = topology.processes.filter(({ ip }) => !isAlive(ip));
          if (down.length > 0) downs.add(down.map(({ name }) => name).join());
          await time.sleep(5);
        }
      },
    })
    .run({ seeds: 3, base: 9 });
  succeeded(report);
  return { downs, report };
}

test.serial(
  "a rolling restart stops one process after the other, in order, and waits for each",
  async (t) => {
    const { downs, report } = await attacked(rollingRestart());
    t.deepEqual([...downs], ["p-0", "p-1", "p-2", "p-3", "p-4", "p-5"]);
    t.deepEqual([...report.faults.keys()], ["graceful stop"]);
  },
);

test.serial(
  "a ready-made attack on victims that there are not fails the run",
  async (t) => {
    const victims = { kinds: ["nobody"] };
    for (const attack of [
      rollingRestart({ victims }),
      machineAttrition({ victims }),
      rollingRestart({ victims: { tags: { rack: "a" } } }),
    ]) {
      const error = await t.throwsAsync(attacked(attack));
      t.regex(
        error?.message ?? "",
        /^injector: .*(no process "nobody"|no process has a tag "rack")/,
      );
    }
  },
);

test.serial(
  "machine attrition takes whole machines, one at a time",
  async (t) => {
    const { downs } = await attacked(machineAttrition());
    t.deepEqual([...downs].toSorted(), ["p-0,p-1", "p-2,p-3", "p-4,p-5"]);
  },
);

test.serial("random clogging clogs, and takes nobody down", async (t) => {
  const { downs, report } = await attacked(randomClogging());
  t.deepEqual([...downs], []);
  t.deepEqual([...report.faults.keys()].toSorted(), [
    "one-way clog",
    "receive clog",
    "send clog",
    "swizzled clog",
  ]);
});

test("ready-made attacks refuse options that make no sense", (t) => {
  const wrong: (() => unknown)[] = [
    () => rollingRestart({ betweenMs: [2, 1] }),
    () => rollingRestart({ kind: "slow" as "crash" }),
    () => rollingRestart({ between: 1 } as object),
    () => machineAttrition({ crash: -1 }),
    () => randomClogging({ swizzleRatio: 2 }),
  ];
  for (const make of wrong) {
    const error = t.throws(make);
    t.true(isSimulationError(error, "bad_option"));
  }
});

test.serial(
  "ready-made attacks join by themselves when chaos says so, some seeds without any",
  async (t) => {
    const joined = new Map<string, number>();
    const run = (attacks: boolean): Promise<SimulationReport> =>
      new SimulationBuilder()
        .processes("p", { count: 2 }, () => undefined)
        .workload(() => ({
          name: "look",
          run: ({ topology }) => {
            const names = topology.workloads.map(({ name }) => name);
            const key = names.filter((name) => name !== "look").join();
            joined.set(key, (joined.get(key) ?? 0) + 1);
            return Promise.resolve();
          },
        }))
        .chaos({ attacks })
        .run({ seeds: 400, base: 6 });
    succeeded(await run(true));
    const count = (key: string): number => joined.get(key) ?? 0;
    t.true(count("") > 130 && count("") < 230, `${count("")} of 400 without`);
    for (const name of [
      "rolling restart",
      "machine attrition",
      "random clogging",
    ])
      t.true(count(name) > 30, `${name}: ${count(name)}`);
    t.true(joined.size > 5, "and some with more than one");
    joined.clear();
    succeeded(await run(false));
    t.deepEqual([...joined.keys()], [""]);
  },
);

test.serial(
  "an attack that takes part in no seed changes no seed",
  async (t) => {
    const run = (builder: SimulationBuilder): Promise<SimulationReport> =>
      builder
        .processes("p", { count: [1, 5] }, () => undefined)
        .workload(busyFor(1_000))
        .chaos({ network: "random", attrition: {} })
        .run({ seeds: [1, 2, 3] });
    t.deepEqual(
      prints(await run(new SimulationBuilder())),
      prints(await run(new SimulationBuilder().chaos({ attacks: false }))),
    );
  },
);
