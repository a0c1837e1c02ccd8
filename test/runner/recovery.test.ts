/** After chaos everything is healed, whatever injectors did and still try to do. */
import test from "ava";

import { assertAlways } from "../../src/assertions/index.ts";
import {
  SimulationBuilder,
  type FaultContext,
  type FaultInjector,
  type SimContext,
} from "../../src/runner/index.ts";
import {
  busyFor,
  echoes,
  echoPort,
  echoServer,
  failures,
  passes,
  talker,
} from "./support.ts";

/** Demands of every server that it answers, and of the injector's view that nothing is broken. */
function demandHealth(seen: {
  faults?: FaultContext;
}): (ctx: SimContext) => Promise<void> {
  return async (ctx) => {
    const faults = seen.faults as FaultContext;
    const ips = [...ctx.topology.processes, ...ctx.topology.workloads].map(
      ({ ip }) => ip,
    );
    const cuts = ips.flatMap((left) =>
      ips.filter((right) => faults.isPartitioned(left, right)),
    );
    assertAlways(cuts.length === 0, "nobody is cut off", { cuts });
    assertAlways(faults.deadCount === 0, "everybody is up", {
      dead: faults.deadCount,
    });
    for (const address of ctx.topology.addresses("echo", echoPort)) {
      for (let count = 0; count < 10; count += 1) {
        assertAlways(await echoes(ctx, address), "everybody answers", {
          address,
        });
      }
    }
  };
}

/** Cuts and kills whatever it can, without looking whether chaos is over. */
function vandal(seen: { faults?: FaultContext }, tries: number): FaultInjector {
  return {
    name: "vandal",
    async inject(faults) {
      seen.faults = faults;
      for (let count = 0; count < tries; count += 1) {
        const [left, right] = [
          faults.random.pick(faults.processIps),
          "10.1.0.1",
        ];
        faults.partition(left, right);
        faults.reboot(faults.random.pick(faults.processIps), "crash");
        await faults.time.sleep(faults.random.range(1, 500));
      }
    },
  };
}

test.serial(
  "when checks begin nobody is cut off, everybody is up and no connect is refused",
  async (t) => {
    const seen: { faults?: FaultContext } = {};
    const report = await new SimulationBuilder()
      .processes("echo", { count: 3 }, echoServer)
      .workload(talker({ check: demandHealth(seen) }))
      .fault(vandal(seen, 5))
      .chaos({
        network: "random",
        attrition: { maxDead: 3, pauseMs: [10, 500] },
      })
      .phases({ chaosMs: 4_000 })
      .run({ seeds: 40, base: 11 });
    t.deepEqual(failures(report), []);
    t.is(passes(report, "everybody answers"), 40 * 3 * 10);
    t.true((report.faults.get("partition") ?? 0) > 100);
    t.true((report.faults.get("crash") ?? 0) > 100);
  },
);

test.serial(
  "an injector that goes on after chaos has no hands any more",
  async (t) => {
    const seen: { faults?: FaultContext } = {};
    const late: FaultInjector = {
      name: "late",
      async inject(faults) {
        seen.faults = faults;
        await faults.time.sleep(1_500);
        faults.partition("10.0.1.1", "10.1.0.1");
        t.false(faults.isPartitioned("10.0.1.1", "10.1.0.1"));
        t.false(faults.reboot("10.0.1.1", "crash"));
      },
    };
    const report = await new SimulationBuilder()
      .processes("echo", {}, echoServer)
      .workload(busyFor(1_000, { check: demandHealth(seen) }))
      .fault(late)
      .run({ seeds: 1 });
    t.deepEqual(failures(report), []);
    t.is(report.faults.size, 0);
  },
);

test.serial("checks wait for injectors that are late", async (t) => {
  const began: number[] = [];
  const late: FaultInjector = {
    name: "late",
    inject: ({ time }) => time.sleep(2_500),
  };
  await new SimulationBuilder()
    .workload(
      busyFor(1_000, {
        check: ({ time }) => Promise.resolve(void began.push(time.now())),
      }),
    )
    .fault(late)
    .run({ seeds: 1 });
  t.deepEqual(began, [2_500]);
});

test.serial(
  "checks wait for processes that are on their way back",
  async (t) => {
    const began: number[] = [];
    const injector: FaultInjector = {
      name: "last moment",
      async inject({ time, reboot, processIps }) {
        await time.sleep(990);
        reboot(processIps[0] as string, "crash");
      },
    };
    await new SimulationBuilder()
      .processes("server", {}, () => undefined)
      .workload(
        busyFor(1_000, {
          check: ({ time }) => Promise.resolve(void began.push(time.now())),
        }),
      )
      .fault(injector)
      .chaos({ attrition: { maxDead: 0, recoveryMs: [3_000, 3_000] } })
      .run({ seeds: 1 });
    t.deepEqual(began, [4_000]);
  },
);
