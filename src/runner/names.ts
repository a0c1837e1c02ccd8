/** The names under which processes and workloads reach each other. */
import type { SimNetwork } from "../sim/index.ts";
import type { Member, Topology } from "./topology.ts";

/**
 * Its number among its kind, which is its name when there are several. One that is alone answers to it, too: a range of
 * counts draws 1 in some seeds, and whoever asks for `bank-0` should not fail in those.
 */
export function numberedName({ kind, index }: Member): string {
  return `${kind}-${index}`;
}

/** Whom each name, in lower case, stands for: a kind's for all of that kind, a member's for itself. */
export function addressBook(
  members: readonly Member[],
): ReadonlyMap<string, readonly string[]> {
  const ips = new Map<string, string[]>();
  for (const { kind, ip } of members) {
    const name = kind.toLowerCase();
    ips.set(name, [...(ips.get(name) ?? []), ip]);
  }
  for (const member of members)
    for (const own of [member.name, numberedName(member)]) {
      const name = own.toLowerCase();
      if (!ips.has(name)) ips.set(name, [member.ip]);
    }
  return ips;
}

/** Make everybody known to the network by name. */
export function nameEverybody(network: SimNetwork, topology: Topology): void {
  const members = [...topology.processes, ...topology.workloads];
  for (const [name, machines] of addressBook(members))
    network.name(name, ...machines);
}
