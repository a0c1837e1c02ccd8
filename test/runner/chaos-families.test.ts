/** Every family of faults: drawn in random, masked in a swarm, ended with chaos; and members answer to their names. */
import test from "ava";

import { assertAlways } from "../../src/assertions/index.ts";
import {
  defaultClogs,
  defaultConnectionFaults,
  defaultStalls,
  SimulationBuilder,
  type ChaosOptions,
  type DrawnChaos,
  type SimContext,
} from "../../src/runner/index.ts";
import {
  echoes,
  echoPort,
  echoServer,
  failures,
  talker,
  workload,
} from "./support.ts";

async function drawn(
  chaos: ChaosOptions,
  seeds: number,
): Promise<DrawnChaos[]> {
  const report = await new SimulationBuilder()
    .workload(
      workload({ run: () => Promise.resolve(assertAlways(false, "fails")) }),
    )
    .chaos(chaos)
    .run({ seeds, base: 41, failuresMax: seeds });
  return report.failed.map((failed) => failed.chaos);
}

/** Whether each family takes part in a seed. */
function families({
  weather,
  ...injectors
}: DrawnChaos): Record<string, boolean> {
  const { network = {}, clock = {}, storage = {} } = weather;
  return {
    clockDrift: (weather.clockDriftMaxMs ?? 0) > 0,
    partitions: injectors.partitions !== undefined,
    clogs: injectors.clogs !== undefined,
    connections: injectors.connections !== undefined,
    stalls: injectors.stalls !== undefined,
    latency: network.latencyMs !== undefined,
    refusals: network.refuseProbability !== undefined,
    hangs: network.hangProbability !== undefined,
    distance: network.pairLatencyMs !== undefined,
    asymmetry: network.asymmetricLatencyMs !== undefined,
    bandwidth: network.bytesPerSecond !== undefined,
    randomCloses: network.randomCloseEveryMs !== undefined,
    bitFlips: network.bitFlipEveryMs !== undefined,
    partialWrites: network.partialWriteEveryMs !== undefined,
    partialReads: network.partialReadEveryMs !== undefined,
    datagrams: network.datagramLossProbability !== undefined,
    clockRates: clock.ratePpmMax !== undefined,
    clockSteps: clock.stepEveryMs !== undefined,
    lateTimers: clock.sleepDelayMaxMs !== undefined,
    crashFaults: storage.crashFaultProbability !== undefined,
    readFaults: storage.readFaultProbability !== undefined,
    writeFaults: storage.writeFaultProbability !== undefined,
    misdirectedReads: storage.misdirectReadProbability !== undefined,
    misdirectedWrites: storage.misdirectWriteProbability !== undefined,
    phantomWrites: storage.phantomWriteProbability !== undefined,
    syncFailures: storage.syncFailureProbability !== undefined,
    ioErrors: storage.ioErrorProbability !== undefined,
    fullDisks: storage.diskFullProbability !== undefined,
    shortOperations: storage.shortOperationProbability !== undefined,
    diskStalls: storage.diskStallEveryMs !== undefined,
    diskThrottles: storage.diskThrottleEveryMs !== undefined,
  };
}

test.serial(
  "random lets every family take part, a swarm each in half of the seeds",
  async (t) => {
    for (const seed of await drawn(
      { network: "random", storage: "random" },
      10,
    ))
      t.true(Object.values(families(seed)).every(Boolean));
    const swarm = (
      await drawn({ network: "swarm", storage: "swarm" }, 200)
    ).map(families);
    for (const family of Object.keys(swarm[0] ?? {})) {
      const share =
        swarm.filter((taking) => taking[family]).length / swarm.length;
      t.true(share > 0.38 && share < 0.62, `${family}: ${share}`);
    }
  },
);

test.serial("injectors can be switched off and set one by one", async (t) => {
  const [off] = await drawn(
    {
      network: "random",
      partitions: false,
      clogs: false,
      connections: false,
      stalls: false,
    },
    1,
  );
  t.deepEqual(
    [off?.partitions, off?.clogs, off?.connections, off?.stalls],
    [undefined, undefined, undefined, undefined],
  );
  const [set] = await drawn(
    { network: "random", clogs: { swizzleRatio: 1 } },
    1,
  );
  t.deepEqual(set?.clogs, { ...defaultClogs, swizzleRatio: 1 });
  t.deepEqual(
    [set?.connections, set?.stalls],
    [defaultConnectionFaults, defaultStalls],
  );
});

test.serial(
  "each family can be switched off by its name, which changes nothing about the others",
  async (t) => {
    const seeds = 12;
    const swarm = { network: "swarm", storage: "swarm" } as const;
    const whole = await drawn(swarm, seeds);
    const names = Object.keys(families(whole[0] as DrawnChaos));
    t.is(names.length, 31);
    for (const name of names) {
      const less = await drawn({ ...swarm, [name]: false }, seeds);
      const kept = whole.filter((seed) => families(seed)[name]);
      t.true(kept.length > 0 && kept.length < seeds, `${name} has a share`);
      for (const [index, seed] of less.entries()) {
        const before = whole[index] as DrawnChaos;
        t.deepEqual(families(seed), { ...families(before), [name]: false });
        t.deepEqual(withoutFamily(before, seed), seed, name);
      }
    }
  },
);

/** A seed's weather, reduced to the options that another seed has as well. */
function withoutFamily(whole: DrawnChaos, less: DrawnChaos): unknown {
  const reduce = (from: unknown, to: unknown): unknown => {
    if (to === undefined) return undefined;
    if (typeof to !== "object" || Array.isArray(to)) return from;
    return Object.fromEntries(
      Object.entries(to as object).map(([option, value]) => [
        option,
        reduce((from as Record<string, unknown>)[option], value),
      ]),
    );
  };
  const drift = { clockDriftMaxMs: less.weather.clockDriftMaxMs };
  const weather = { ...whole.weather, ...drift };
  return reduce({ ...whole, weather }, less);
}

test("nonsense is refused before anything starts", (t) => {
  const nonsense: readonly object[] = [
    { clogs: { pauseMs: [2, 1] } },
    { clogs: { swizzleRatio: 2 } },
    { connections: { cutMs: [-1, 1] } },
    { stalls: { durationMs: [0, Infinity] } },
    { partitions: { shape: "round" } },
    { partitions: { direction: "up" } },
    { stalls: { pause: [1, 2] } },
    { bitFlips: 0 },
    { bitFlips: "off" },
    { bitflips: false },
  ];
  for (const chaos of nonsense) {
    t.throws(
      () => new SimulationBuilder().chaos(chaos as ChaosOptions),
      { name: "SimulationError" },
      JSON.stringify(chaos),
    );
  }
});

/** Setup and check run without faults: everybody answers at once, exactly in time, by name. */
async function calmly(ctx: SimContext): Promise<void> {
  for (const name of ["echo", "echo-0", "echo-1"]) {
    for (let turn = 0; turn < 10; turn += 1)
      assertAlways(
        await echoes(ctx, `${name}:${echoPort}`),
        "everybody answers",
        { name },
      );
  }
  const [startMs, wallMs] = [ctx.time.now(), ctx.time.wallClock()];
  await ctx.time.sleep(1_000);
  assertAlways(
    Math.abs(ctx.time.now() - startMs - 1_000) < 0.0001,
    "timers are exact",
  );
  assertAlways(
    Math.abs(ctx.time.wallClock() - wallMs - 1_000) < 0.01,
    "wall clocks run right",
  );
}

test.serial(
  "faults strike during chaos, and nothing before or after it",
  async (t) => {
    const report = await new SimulationBuilder()
      .processes("echo", { count: 2 }, echoServer)
      .workload(talker({ setup: calmly, check: calmly }))
      .workload(talker())
      .chaos({ network: "random", storage: "random" })
      .phases({ chaosMs: 20_000 })
      .run({ seeds: 40, base: 3 });
    t.deepEqual(failures(report), []);
    const struck = [
      ...[
        "partition",
        "one-way partition",
        "send clog",
        "receive clog",
        "one-way clog",
        "swizzled clog",
      ],
      ...[
        "connection cut",
        "peer crash",
        "stall",
        "late timer",
        "clock rate",
        "pair latency",
      ],
      ...["asymmetric latency", "bit flip", "refused connect", "hung connect"],
    ];
    t.deepEqual(
      struck.filter((fault) => !report.faults.has(fault)),
      [],
    );
    t.true([...report.faults.keys()].some((fault) => fault.endsWith("close")));
  },
);
