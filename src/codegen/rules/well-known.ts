/** A slot of the small table holds one service, and the lowest slots are ours. */
import { ServiceOptionsSchema } from "../../../gen/wavetank/options/v1/options_pb.ts";
import type { ServiceContract } from "../contract.ts";
import type { Problem } from "../problem.ts";
import { problemAt } from "../problem.ts";

/** Below it are the endpoints of the transport itself: not found, ping, unauthorized. */
const slotMin = 3;
const slotMax = 63;

const option = ServiceOptionsSchema.field.wellKnown;

/** Refuses slots that are taken, ours, or not in the table. */
export function* wellKnownRules(
  services: readonly ServiceContract[],
): Generator<Problem> {
  const owners = new Map<number, ServiceContract>();
  for (const service of services) {
    const slot = service.options.wellKnown;
    if (slot === undefined) continue;
    const owner = owners.get(slot);
    if (slot < slotMin || slot > slotMax) yield outOfRange(service, slot);
    else if (owner === undefined) owners.set(slot, service);
    else yield taken(service, slot, owner);
  }
}

function outOfRange({ desc }: ServiceContract, slot: number): Problem {
  return problemAt(desc, {
    message: `well_known slot ${slot} of ${desc} is out of range`,
    remedy: `choose one from ${slotMin} to ${slotMax}, or remove the option`,
    option,
  });
}

function taken(
  { desc }: ServiceContract,
  slot: number,
  owner: ServiceContract,
): Problem {
  return problemAt(desc, {
    message: `${desc} and ${owner.desc} both want well_known slot ${slot}`,
    remedy: "choose another slot, or remove the option from one of them",
    option,
  });
}
