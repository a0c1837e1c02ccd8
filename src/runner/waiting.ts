/** Who waits for what, when somebody is stuck. */
import type { SimWorld } from "../sim/index.ts";
import type { Member, Topology } from "./topology.ts";

/** One member, and all that it is known to wait for. */
export interface Waiting {
  readonly who: string;
  /** Empty when it waits for nothing that this world could bring. */
  readonly waitsFor: readonly string[];
}

/** Where those who may wait are asked. */
export interface WaitingParts {
  readonly world: SimWorld;
  readonly topology: Topology;
  /** Knows what injectors and attacks wait for. */
  readonly disturbance: {
    readonly waits: ReadonlyMap<string, readonly string[]>;
  };
}

/**
 * The stuck ones first, with whatever they wait for or nothing; then everybody else who waits: members, then those who
 * break things.
 */
export function whoWaits(
  { world, topology, disturbance }: WaitingParts,
  stuck: readonly string[],
): Waiting[] {
  const breaking = disturbance.waits;
  const members = [...topology.workloads, ...topology.processes];
  const waiting = members.map((member) => ({
    who: member.name,
    waitsFor: [
      ...waitsOf(world, topology, member),
      // Attacks are clients as well.
      ...(breaking.get(member.name) ?? []),
    ],
  }));
  for (const [who, waitsFor] of breaking)
    if (members.every(({ name }) => name !== who))
      waiting.push({ who, waitsFor: [...waitsFor] });
  const isStuck = ({ who }: Waiting): boolean => stuck.includes(who);
  const others = waiting.filter(
    (member) => !isStuck(member) && member.waitsFor.length > 0,
  );
  return [...waiting.filter(isStuck), ...others];
}

function waitsOf(
  world: SimWorld,
  topology: Topology,
  { ip }: Member,
): readonly string[] {
  const waits = world.inventory(ip)?.waits ?? [];
  return waits.map((wait) => withNames(wait, topology));
}

/** `10.0.1.1:7` → `bank-0:7`, which says more and can be dialled as well. */
export function withNames(text: string, topology: Topology): string {
  return text.replace(/\d+\.\d+\.\d+\.\d+(?=:\d)/g, (ip) => {
    const known = ({ ip: other }: Member): boolean => other === ip;
    const member =
      topology.processes.find(known) ?? topology.workloads.find(known);
    return member?.name ?? ip;
  });
}
