/** Processes that stand still, stop, die, and lose their disks. */
import { buggify } from "../../src/assertions/index.ts";
import { OpenOptions } from "../../src/core/index.ts";
import {
  SimulationBuilder,
  type ChaosOptions,
  type SimContext,
} from "../../src/runner/index.ts";
import { busyFor, echoPort, echoServer } from "../runner/support.ts";
import { ipA, watch } from "../sim/support.ts";
import { inRuns, inWorld, type Family, type Sight } from "./family.ts";

/** What the lives of processes saw, over all seeds. */
class Lives {
  boots = 0;
  /** Processes that were asked to stop while things broke. */
  asked = 0;
  /** Boots that found what an earlier life had synced. */
  remembered = 0;
  /** Processes that came back at the end of chaos, and not before. */
  downAtEnd = 0;

  readonly start = async (ctx: SimContext): Promise<void> => {
    this.boots += 1;
    if (ctx.chaosOver) this.downAtEnd += 1;
    ctx.shutdown.addEventListener("abort", () => {
      if (!ctx.chaosOver) this.asked += 1;
    });
    const file = await ctx.storage.open("kept", OpenOptions.openOrCreate);
    if ((await file.size()) > 0) this.remembered += 1;
    await file.append(new Uint8Array([1]));
    await file.sync();
  };
}

/** Three processes and twenty seconds under this attrition. */
async function dying(
  attrition: ChaosOptions["attrition"],
  seen: (lives: Lives) => boolean,
): Promise<Sight> {
  const lives = new Lives();
  const builder = new SimulationBuilder()
    .processes("server", { count: 3 }, lives.start)
    .workload(busyFor(20_000))
    .phases({ chaosMs: 30_000 })
    .chaos(attrition === undefined ? {} : { attrition });
  return inRuns(builder, () => seen(lives));
}

/** Whether both processes of a machine ever came back at the same instant, and only those. */
async function clusterLosing(scope: "machine" | undefined): Promise<Sight> {
  const boots = new Map<number, string[]>();
  const start = ({ time, locality }: SimContext): void => {
    const at = boots.get(time.now()) ?? [];
    boots.set(time.now(), [...at, locality?.machine ?? ""]);
  };
  const layout = { machinesPerZone: 3, processesPerMachine: 2 };
  const builder = new SimulationBuilder()
    .cluster(layout, { server: { start } })
    .workload(busyFor(20_000))
    .phases({ chaosMs: 30_000 })
    .chaos(
      scope ? { attrition: { ...only, crash: 1, maxDead: 2, scope } } : {},
    );
  return inRuns(builder, () => {
    const returns = [...boots].filter(([atMs]) => atMs > 0);
    const paired = returns.every(([, [a, b]]) => a !== undefined && a === b);
    return returns.length > 0 && paired;
  });
}

const only = { graceful: 0, crash: 0, crashAndWipe: 0 };

export const processFamilies: readonly Family[] = [
  {
    fault: "stall",
    counted: ["stall"],
    live: (on) =>
      inWorld({}, async (world) => {
        const { time } = world.providers(ipA);
        if (on) world.stall(ipA, 5_000);
        const startMs = world.nowMs;
        await time.sleep(10);
        return world.nowMs - startMs >= 5_000;
      }),
  },
  {
    fault: "crash",
    counted: ["crash"],
    live: (on) =>
      dying(
        on ? { ...only, crash: 1 } : undefined,
        ({ remembered, asked }) => remembered > 0 && asked === 0,
      ),
  },
  {
    fault: "graceful stop",
    counted: ["graceful stop"],
    live: (on) =>
      dying(
        on ? { ...only, graceful: 1 } : undefined,
        ({ asked }) => asked > 0,
      ),
  },
  {
    fault: "crash with lost disk",
    counted: ["crash and wipe"],
    live: (on) =>
      dying(
        on ? { ...only, crashAndWipe: 1 } : undefined,
        ({ boots, remembered }) => boots > 15 && remembered === 0,
      ),
  },
  {
    fault: "machine, zone or data centre lost",
    counted: ["crash"],
    live: (on) => clusterLosing(on ? "machine" : undefined),
  },
  {
    fault: "process that stays down",
    counted: ["crash"],
    live: (on) =>
      dying(
        on ? { ...only, crash: 1, maxDead: 3, stayDownRatio: 1 } : undefined,
        ({ downAtEnd, boots }) => downAtEnd > 0 && boots > 3 * 5,
      ),
  },
  {
    fault: "loss of power",
    counted: ["power loss"],
    live: async (on) => {
      const seen: boolean[] = [];
      const builder = new SimulationBuilder()
        .processes("echo", {}, echoServer)
        .workload(() => ({
          name: "work",
          async run({ network, topology, time }) {
            const [where = ""] = topology.addresses("echo", echoPort);
            const reading = watch((await network.connect(where)).read());
            await time.sleep(1_000);
            const startMs = time.now();
            await network.connect(where).catch(() => undefined);
            seen.push(!reading.settled && time.now() - startMs > 15_000);
          },
        }))
        .phases({ chaosMs: 30_000 });
      if (on) {
        builder.fault({
          name: "power",
          async inject({ time, processIps: [ip = ""], ...ctx }) {
            await time.sleep(500);
            const recoveryMs = 60_000;
            ctx.rebootWithDelays(ip, "power_loss", { recoveryMs });
          },
        });
      }
      return inRuns(builder, () => seen.every(Boolean));
    },
  },
  {
    fault: "`buggify`",
    counted: ["buggify"],
    live: async (on) => {
      let rare = 0;
      const builder = new SimulationBuilder().workload(() => ({
        name: "work",
        async run({ time }) {
          for (let turn = 0; turn < 50; turn += 1) {
            await time.sleep(10);
            if (on && buggify("rare path")) rare += 1;
          }
        },
      }));
      return inRuns(builder, () => rare > 0);
    },
  },
  {
    fault: "your own",
    counted: [],
    live: async (on) => {
      const builder = new SimulationBuilder().workload(busyFor(1_000));
      if (on) {
        builder.fault({
          name: "saboteur",
          inject: (ctx) => Promise.resolve(ctx.note("sabotage")),
        });
      }
      return inRuns(builder, ({ faults }) => faults.has("sabotage"));
    },
  },
];
