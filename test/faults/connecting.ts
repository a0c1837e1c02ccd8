/** What can go wrong before there is a connection. */
import { isNetworkError, type NetworkErrorCode } from "../../src/core/index.ts";
import type { SimWorld } from "../../src/sim/index.ts";
import { ipA, ipB, port } from "../sim/support.ts";
import { inWorld, type Family } from "./family.ts";

/** `connected`, or why not. */
async function dial(
  world: SimWorld,
  where: string = `${ipA}:${port}`,
): Promise<NetworkErrorCode | "connected"> {
  try {
    await world.providers(ipB).network.connect(where);
    return "connected";
  } catch (error) {
    if (isNetworkError(error)) return error.code;
    throw error;
  }
}

async function listen(world: SimWorld): Promise<void> {
  await world.providers(ipA).network.bind(`${ipA}:${port}`);
}

export const connectingFamilies: readonly Family[] = [
  {
    fault: "refused connect",
    counted: ["refused connect"],
    live: (on) =>
      inWorld(
        { network: on ? { refuseProbability: 1 } : {} },
        async (world) => {
          await listen(world);
          return (await dial(world)) === "refused";
        },
      ),
  },
  {
    fault: "hung connect",
    counted: ["hung connect"],
    live: (on) =>
      inWorld({ network: on ? { hangProbability: 1 } : {} }, async (world) => {
        await listen(world);
        return (await dial(world)) === "timed_out";
      }),
  },
  {
    fault: "full backlog",
    counted: [],
    live: (on) =>
      inWorld({ network: on ? { backlogMax: 2 } : {} }, async (world) => {
        await listen(world);
        await dial(world);
        await dial(world);
        return (await dial(world)) === "refused";
      }),
  },
  {
    fault: "port in use",
    counted: [],
    live: (on) =>
      inWorld({}, async (world) => {
        await listen(world);
        const { network } = world.providers(ipA);
        const where = `${ipA}:${on ? port : port + 1}`;
        const outcome: unknown = await network
          .bind(where)
          .catch((error: unknown) => error);
        return isNetworkError(outcome, "address_in_use");
      }),
  },
  {
    fault: "unknown name",
    counted: [],
    live: (on) =>
      inWorld({}, async (world) => {
        await listen(world);
        if (!on) world.network.name("server", ipA);
        return (await dial(world, `server:${port}`)) === "unreachable";
      }),
  },
];
