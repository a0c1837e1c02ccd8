/** Who waits for what, when somebody is stuck. */
import type { SimWorld } from "../sim/index.ts";
import type { Member, Topology } from "./topology.ts";

/** One member, and all that it is known to wait for. */
export interface Waiting {
  readonly who: string;
  /** Empty when it waits for nothing that this world could bring. */
  readonly waitsFor: readonly string[];
}

/**
 * The stuck ones first, with whatever they wait for or nothing; then everybody else who waits. Other names than those of
 * members are left out: nobody keeps account of them.
 */
export function whoWaits(
  world: SimWorld,
  topology: Topology,
  stuck: readonly string[],
): Waiting[] {
  const everybody = [...topology.workloads, ...topology.processes];
  const waiting = everybody.map((member) => ({
    who: member.name,
    waitsFor: waitsOf(world, topology, member),
  }));
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
