/** The injectors that `chaos` switches on, by the names of its options. */
import { attritionInjector } from "./attrition.ts";
import type { DrawnChaos } from "./chaos.ts";
import { clogInjector } from "./chaos-clogs.ts";
import { connectionInjector } from "./chaos-connections.ts";
import type { InjectorFamily } from "./chaos-families.ts";
import { stallInjector } from "./chaos-stalls.ts";
import type { FaultInjector } from "./faults.ts";
import { partitionInjector } from "./partitions.ts";

/** What was drawn for a seed, and the machines of processes and workloads. */
type Maker = (
  drawn: DrawnChaos,
  ips: readonly string[],
) => FaultInjector | undefined;

const makers: Readonly<Record<InjectorFamily, Maker>> = {
  attrition: ({ attrition }) => attrition && attritionInjector(attrition),
  partitions: ({ partitions }, ips) =>
    partitions && partitionInjector(partitions, ips),
  clogs: ({ clogs }, ips) => clogs && clogInjector(clogs, ips),
  connections: ({ connections }) =>
    connections && connectionInjector(connections),
  stalls: ({ stalls }) => stalls && stallInjector(stalls),
};

/** Their names, which no other injector may have. */
export const builtInInjectorNames: readonly string[] = Object.keys(makers);

/** Those that take part in a seed. */
export function builtInInjectors(
  drawn: DrawnChaos,
  ips: readonly string[],
): FaultInjector[] {
  return Object.values(makers)
    .map((make) => make(drawn, ips))
    .filter((injector) => injector !== undefined);
}
