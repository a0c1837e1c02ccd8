/** Ways through the network that are cut or clogged. */
import type { SimWorld } from "../../src/sim/index.ts";
import { SimulationBuilder } from "../../src/runner/index.ts";
import { busyFor } from "../runner/support.ts";
import { connect, ipA, ipB, pattern, watch } from "../sim/support.ts";
import { inRuns, inWorld, type Family, type Sight } from "./family.ts";

/** Who hears what the other says, within a second, once `strike` has struck. */
function heard(
  strike: (world: SimWorld) => void,
  seen: (hears: { server: boolean; client: boolean }) => boolean,
): Promise<Sight> {
  return inWorld({}, async (world) => {
    const { client, server } = await connect(world);
    strike(world);
    const [told, answered] = [watch(server.read()), watch(client.read())];
    await client.write(pattern(3));
    await server.write(pattern(3));
    await world.time.sleep(1_000);
    const hears = { server: told.settled, client: answered.settled };
    world.calm();
    await world.time.sleep(100);
    return told.settled && answered.settled && seen(hears);
  });
}

/** Three idle processes for twenty seconds, under these clogs. */
function clogged(swizzleRatio: number | false): SimulationBuilder {
  return new SimulationBuilder()
    .processes("server", { count: 3 }, () => undefined)
    .workload(busyFor(20_000))
    .phases({ chaosMs: 30_000 })
    .chaos(
      swizzleRatio === false
        ? {}
        : { network: "random", clogs: { swizzleRatio } },
    );
}

export const wayFamilies: readonly Family[] = [
  {
    fault: "partition",
    counted: ["partition"],
    live: (on) =>
      heard(
        ({ network }) => on && network.partition(ipA, ipB),
        ({ server, client }) => !server && !client,
      ),
  },
  {
    fault: "one-way partition",
    counted: ["one-way partition"],
    live: (on) =>
      heard(
        ({ network }) => on && network.cut({ from: ipA, to: ipB }),
        ({ server, client }) => server && !client,
      ),
  },
  {
    fault: "machine that only sends",
    counted: ["receive partition"],
    live: (on) =>
      heard(
        ({ network }) => on && network.cut({ to: ipB }),
        ({ server, client }) => server && !client,
      ),
  },
  {
    fault: "machine that only receives",
    counted: ["send partition"],
    live: (on) =>
      heard(
        ({ network }) => on && network.cut({ from: ipB }),
        ({ server, client }) => !server && client,
      ),
  },
  {
    fault: "rule of your own",
    counted: [],
    live: (on) =>
      heard(
        ({ network }) =>
          on &&
          network.filter(({ from }) => (from.ip === ipB ? "hold" : "pass")),
        ({ server, client }) => !server && client,
      ),
  },
  {
    fault: "clog",
    counted: ["one-way clog", "send clog", "receive clog"],
    live: (on) =>
      inWorld({ network: { resetAfterMs: [500, 500] } }, async (world) => {
        const { client, server } = await connect(world);
        for (const way of [{ from: ipB, to: ipA }, { from: ipB }, { to: ipA }])
          if (on) world.network.clog(way, 2_000);
        const startMs = world.nowMs;
        await client.write(pattern(3));
        const chunk = await server.read();
        return chunk?.length === 3 && world.nowMs - startMs >= 2_000;
      }),
  },
  {
    fault: "swizzled clog",
    counted: ["swizzled clog"],
    live: (on) =>
      inRuns(clogged(on ? 1 : false), ({ faults }) => {
        const strikes = (kind: string): number => faults.get(kind) ?? 0;
        return strikes("send clog") > strikes("swizzled clog");
      }),
  },
];
