/** Fault injectors of the user's own: when they run, what they are given, and what their hands do. */
import test from "ava";

import {
  SimulationBuilder,
  type FaultContext,
  type FaultInjector,
} from "../../src/runner/index.ts";
import {
  busyFor,
  echoes,
  echoServer,
  failures,
  prints,
  workload,
} from "./support.ts";

const still = {
  maxDead: 0,
  graceMs: [5_000, 5_000],
  recoveryMs: [100, 100],
} as const;

/** Run one seed with this injector, one process, and a workload of ten seconds. */
async function injected(
  inject: (faults: FaultContext) => Promise<void>,
  stop: () => void = () => undefined,
): Promise<string[]> {
  const report = await new SimulationBuilder()
    .withoutChecks()
    .processes("server", {}, () => ({ [Symbol.dispose]: stop }))
    .workload(busyFor(10_000))
    .fault({ name: "mine", inject })
    .chaos({ attrition: still })
    .expectCrash(() => true)
    .run({ seeds: 1 });
  return failures(report);
}

const server = "10.0.1.1";

test.serial(
  "an injector of the user's own takes part in every seed, with chance of its own",
  async (t) => {
    const draws: number[] = [];
    const injector: FaultInjector = {
      name: "mine",
      inject: ({ random, processIps }) => {
        t.deepEqual(processIps, ["10.0.1.1", "10.0.1.2"]);
        return Promise.resolve(void draws.push(random.uint32()));
      },
    };
    const report = await new SimulationBuilder()
      .withoutChecks()
      .processes("server", { count: 2 }, () => undefined)
      .workload(busyFor(10))
      .fault(injector)
      .chaos({ network: "swarm" })
      .run({ seeds: 50, base: 4, rerunShare: 0 });
    t.true(report.success);
    t.is(draws.length, 50);
    t.is(new Set(draws).size, 50);
  },
);

test.serial(
  "an injector that only looks changes the course of a seed, and another name another course",
  async (t) => {
    const course = (name: string): Promise<string[]> => {
      const inject = ({ random, time }: FaultContext): Promise<void> =>
        time.sleep(random.range(1, 100));
      return new SimulationBuilder()
        .withoutChecks()
        .workload(busyFor(500))
        .fault({ name, inject })
        .run({ seeds: [1] })
        .then(prints);
    };
    t.deepEqual(await course("a"), await course("a"));
    t.notDeepEqual(await course("a"), await course("b"));
  },
);

test.serial(
  "a reboot takes down what is up, and says no to what is not",
  async (t) => {
    const failed = await injected(async ({ reboot, isAlive, time }) => {
      t.true(isAlive(server));
      t.true(reboot(server, "crash"));
      t.false(isAlive(server));
      t.false(reboot(server, "crash"));
      t.false(reboot(server, "graceful"));
      await time.sleep(100);
      t.true(isAlive(server));
      t.true(reboot(server, "graceful"));
      t.false(isAlive(server), "it is asked to stop");
      t.false(reboot(server, "crash_and_wipe"));
      await time.sleep(5_099);
      t.false(isAlive(server));
      await time.sleep(1);
      t.true(isAlive(server));
    });
    t.deepEqual(failed, []);
  },
);

test.serial(
  "deadCount counts those that are down and those that are asked to go",
  async (t) => {
    const counts: number[] = [];
    const failed = await injected(async (faults) => {
      counts.push(faults.deadCount);
      faults.reboot(server, "graceful");
      counts.push(faults.deadCount);
      await faults.time.sleep(5_050);
      counts.push(faults.deadCount);
      await faults.time.sleep(50);
      counts.push(faults.deadCount);
    });
    t.deepEqual(failed, []);
    t.deepEqual(counts, [0, 1, 1, 0]);
  },
);

test.serial(
  "a process that dies while it stops and comes back is not killed for the old stop",
  async (t) => {
    let stops = 0;
    const down: number[] = [];
    const stop = (): void => {
      stops += 1;
      if (stops === 1) throw new Error("cannot stop");
    };
    const failed = await injected(async ({ reboot, isAlive, time }) => {
      reboot(server, "graceful");
      while (time.now() < 8_000) {
        await time.sleep(10);
        if (!isAlive(server)) down.push(time.now());
      }
    }, stop);
    t.deepEqual(failed, []);
    t.true(down.length > 5);
    t.true(
      down.every((ms) => ms <= 100),
      `down at ${down.at(-1)} ms`,
    );
  },
);

test.serial(
  "a partition cuts two machines off both ways, until it is healed",
  async (t) => {
    const answers: boolean[] = [];
    const client = "10.1.0.1";
    const inject = async ({
      partition,
      heal,
      isPartitioned,
      time,
    }: FaultContext): Promise<void> => {
      partition(client, server);
      t.true(isPartitioned(client, server) && isPartitioned(server, client));
      await time.sleep(2_000);
      heal(server, client);
      t.false(isPartitioned(client, server));
    };
    const report = await new SimulationBuilder()
      .withoutChecks()
      .processes("echo", {}, echoServer)
      .workload(
        workload({
          setup: ({ time }) => time.sleep(10),
          run: async (ctx) => {
            const patience = new AbortController();
            ctx.time.schedule(1_000, () =>
              patience.abort(new Error("no patience")),
            );
            await t.throwsAsync(
              ctx.network.connect(`${server}:7`, { signal: patience.signal }),
              {
                message: "no patience",
              },
            );
            await ctx.time.sleep(1_100);
            answers.push(await echoes(ctx, `${server}:7`));
          },
        }),
      )
      .fault({ name: "cut", inject })
      .run({ seeds: 1 });
    t.deepEqual(failures(report), []);
    t.deepEqual(answers, [true]);
    t.deepEqual([...report.faults], [["partition", 1]]);
  },
);

/** Quoted in docs/simulation.md. */
class RackLosses implements FaultInjector {
  readonly name = "rack losses";

  async inject(ctx: FaultContext): Promise<void> {
    while (!ctx.chaosShutdown.aborted) {
      await ctx.time.sleep(ctx.random.range(500, 3_000), {
        signal: ctx.chaosShutdown,
      });
      const struck = ctx.rebootTagged("rack", "a", "crash");
      if (struck.length > 0) ctx.note("rack loss", ...struck);
    }
  }
}

test.serial(
  "an injector that reboots by label goes on until chaos is over, and is counted by the name that it notes",
  async (t) => {
    const report = await new SimulationBuilder()
      .withoutChecks()
      .processes(
        "bank",
        { count: 4, tags: { rack: ["a", "b"] } },
        () => undefined,
      )
      .workload(busyFor(20_000))
      .fault(new RackLosses())
      .requireFaults("rack loss")
      .run({ seeds: 3 });
    t.deepEqual(failures(report), []);
    t.deepEqual(report.problems, []);
  },
);
