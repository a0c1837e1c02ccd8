/** The names under which processes and workloads reach each other. */
import type { SimNetwork } from "../sim/index.ts";
import type { Topology } from "./topology.ts";

/** Each member answers to its own name, and each kind's name stands for all of that kind. */
export function nameEverybody(network: SimNetwork, topology: Topology): void {
  const members = [...topology.processes, ...topology.workloads];
  const ips = new Map<string, string[]>();
  for (const { kind, ip } of members)
    ips.set(kind, [...(ips.get(kind) ?? []), ip]);
  for (const { name, ip } of members) if (!ips.has(name)) ips.set(name, [ip]);
  for (const [name, machines] of ips) network.name(name, ...machines);
}
