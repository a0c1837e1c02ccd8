/** How many workloads a factory makes for a seed, and which clients they are. */
import type { RandomProvider } from "../core/index.ts";
import { SimulationError } from "../sim/index.ts";
import { isCount, type Count } from "./count.ts";

/** How many workloads: a number, or from–to, both included, drawn for each seed. None may be drawn. */
export type WorkloadCount = Count;

/**
 * What `ctx.clientId` of the workloads of one factory is: counted from this number on; or drawn for each seed, from–to,
 * both included, no two of them alike.
 */
export type ClientId = number | readonly [from: number, to: number];

/** Which clients workloads are. */
export interface WorkloadOptions {
  /** Default 0: they are counted. */
  clientId?: ClientId;
}

/** A drawn number of workloads may be none; and of drawn client ids there must be enough. */
export function checkWorkloads(count: WorkloadCount, clientId: ClientId): void {
  if (!isCount(count, typeof count === "number" ? 1 : 0))
    throw refused("count", count, "a number above 0, or [from, to]");
  const most = typeof count === "number" ? count : count[1];
  if (typeof clientId === "number") {
    if (isCount(clientId, 0)) return;
    throw refused("clientId", clientId, "a number, 0 or above, is possible");
  }
  const room = clientId[1] - clientId[0] + 1;
  if (isCount(clientId, 0) && room >= most) return;
  throw refused("clientId", clientId, `[from, to] needs room for ${most}`);
}

/** Counted ids take no draw. Each draw picks among the numbers that are left, so that no two clients are the same. */
export function drawClientIds(
  random: RandomProvider,
  clientId: ClientId,
  count: number,
): number[] {
  if (typeof clientId === "number")
    return Array.from({ length: count }, (_, index) => clientId + index);
  const [from, to] = clientId;
  const ids: number[] = [];
  while (ids.length < count) {
    let id = random.range(from, to + 1 - ids.length);
    for (const taken of ids.toSorted((left, right) => left - right))
      if (taken <= id) id += 1;
    ids.push(id);
  }
  return ids;
}

function refused(
  option: string,
  value: unknown,
  remedy: string,
): SimulationError<"bad_option"> {
  const message = `workloads cannot have ${option} ${JSON.stringify(value)}: ${remedy}`;
  return new SimulationError("bad_option", message, { option, value });
}
