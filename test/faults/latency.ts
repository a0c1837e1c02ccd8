/** Slow networks: each row measures how long something takes. */
import type { NetworkConfiguration, SimWorld } from "../../src/sim/index.ts";
import {
  connect,
  dial,
  ipA,
  ipB,
  listen,
  pattern,
  type Pair,
} from "../sim/support.ts";
import { inWorld, type Family, type Sight } from "./family.ts";

/** How long bytes of the client take to the server, or back. */
async function tripMs(
  world: SimWorld,
  { client, server }: Pair,
  options: { back?: boolean; bytes?: number } = {},
): Promise<number> {
  const { back = false, bytes = 1 } = options;
  const [from, to] = back ? [server, client] : [client, server];
  const startMs = world.nowMs;
  await from.write(pattern(bytes));
  await to.read();
  return world.nowMs - startMs;
}

function measured(
  network: Partial<NetworkConfiguration>,
  seen: (world: SimWorld, pair: Pair) => Promise<boolean>,
): Promise<Sight> {
  const exact = { latencyMs: [1, 1], readMs: [0, 0] } as const;
  const options = { ...exact, ...network };
  return inWorld({ network: options }, async (world) =>
    seen(world, await connect(world)),
  );
}

const slow = {
  latencyMs: [0, 0] as const,
  bindMs: [20, 20] as const,
  acceptMs: [20, 20] as const,
  readMs: [20, 20] as const,
};
const quick = { latencyMs: [0, 0] as const };

export const latencyFamilies: readonly Family[] = [
  {
    fault: "latency",
    counted: [],
    live: (on) =>
      measured(on ? { latencyMs: [40, 60] } : {}, async (world, pair) => {
        const [first, second] = [
          await tripMs(world, pair),
          await tripMs(world, pair),
        ];
        return first >= 40 && second <= 60 && first !== second;
      }),
  },
  {
    fault: "slow to bind, accept and read",
    counted: [],
    live: (on) =>
      inWorld({ network: on ? slow : quick }, async (world) => {
        const taken: number[] = [];
        const timed = async <T>(work: Promise<T>): Promise<T> => {
          const startMs = world.nowMs;
          const value = await work;
          taken.push(Math.round(world.nowMs - startMs));
          return value;
        };
        const listener = await timed(listen(world));
        const client = await dial(world);
        const server = await timed(listener.accept());
        await client.write(pattern(1));
        await world.time.sleep(10);
        await timed(server.read());
        return taken.every((ms) => ms >= 19);
      }),
  },
  {
    fault: "distance",
    counted: ["pair latency"],
    live: (on) =>
      measured(on ? { pairLatencyMs: [30, 90] } : {}, async (world, pair) => {
        const forth = await tripMs(world, pair);
        const back = await tripMs(world, pair, { back: true });
        return forth >= 31 && forth === back;
      }),
  },
  {
    fault: "asymmetry",
    counted: ["asymmetric latency"],
    live: (on) =>
      measured(
        on ? { asymmetricLatencyMs: [0, 90] } : {},
        async (world, pair) => {
          const forth = await tripMs(world, pair);
          const back = await tripMs(world, pair, { back: true });
          return Math.abs(forth - back) > 1;
        },
      ),
  },
  {
    fault: "bandwidth",
    counted: [],
    live: (on) =>
      measured(on ? { bytesPerSecond: 10_000 } : {}, async (world, pair) => {
        const small = await tripMs(world, pair);
        return (await tripMs(world, pair, { bytes: 1_000 })) > small + 90;
      }),
  },
  {
    fault: "slow or fast links",
    counted: [],
    live: (on) =>
      measured(
        on ? { links: [{ from: ipB, to: ipA, extraLatencyMs: 50 }] } : {},
        async (world, pair) => {
          const forth = await tripMs(world, pair);
          const back = await tripMs(world, pair, { back: true });
          return forth > back + 49;
        },
      ),
  },
  {
    fault: "small window",
    counted: [],
    live: (on) =>
      measured(on ? { windowBytes: 1_000 } : {}, async (world, pair) => {
        const startMs = world.nowMs;
        const writing = pair.client.write(pattern(5_000));
        await world.time.sleep(100);
        while ((await pair.server.read())?.length === 0);
        await writing;
        return world.nowMs - startMs > 100;
      }),
  },
  {
    fault: "ties at random",
    counted: [],
    live: async (on) => {
      const orders = new Set<string>();
      let sight: Sight = { seen: false, faults: new Map() };
      for (let seed = 0; seed < 20; seed += 1) {
        const options = {
          seed,
          ...(on ? { tieBreak: "random" as const } : {}),
        };
        sight = await inWorld(options, async ({ time }) => {
          const order: number[] = [];
          const sleeper = async (name: number): Promise<void> => {
            await time.sleep(10);
            order.push(name);
          };
          await Promise.all([1, 2, 3].map(sleeper));
          orders.add(order.join());
          return orders.size > 1;
        });
      }
      return sight;
    },
  },
];
