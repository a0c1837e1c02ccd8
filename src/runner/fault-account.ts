/** What processes have lost at present, and whether they may lose more. */
import type { SimWorld, Way } from "../sim/index.ts";
import type { Cluster } from "./cluster.ts";
import type { DiskTroubles } from "./disk-faults.ts";
import type { FaultLoss, ResolvedFaultBudget } from "./fault-budget.ts";
import type { Topology } from "./topology.ts";
import { mayBeVictim } from "./victims.ts";

/** What somebody is about to break. */
export interface Damage {
  /** Processes that will be down, or stand still. */
  readonly processes?: readonly string[];
  /** Processes whose disks will be lost, or in trouble. */
  readonly disks?: readonly string[];
  /** Ways through the network that will be blocked. */
  readonly ways?: readonly Way[];
}

export interface FaultAccountParts {
  readonly world: SimWorld;
  readonly cluster: Cluster;
  readonly topology: Topology;
  readonly troubles: DiskTroubles;
  readonly budgets: readonly ResolvedFaultBudget[];
}

/** By this name reports count what a budget forbade. */
export const refusedByBudget = "refused by fault budget";

/**
 * Keeps the fault budgets of a seed.
 *
 * Of two processes that do not reach each other both ways, one is lost: the budget counts the fewest whose loss leaves
 * all others of its group connected, as protocols with quorums see it. Who is cut off from everybody is lost in any
 * case. Single connections, and ways to machines outside of the group, cost nothing.
 */
export class FaultAccount {
  readonly #parts: FaultAccountParts;
  /** When each wiped disk was wiped last. */
  readonly #wiped = new Map<string, number>();

  constructor(parts: FaultAccountParts) {
    this.#parts = parts;
  }

  /** Whether no budget forbids it; what is forbidden is counted. What makes nothing worse is never forbidden. */
  permits(damage: Damage): boolean {
    const { budgets, world } = this.#parts;
    for (const budget of budgets) {
      if (this.#isWithin(budget, damage)) continue;
      world.faults.count(refusedByBudget);
      return false;
    }
    return true;
  }

  /** These lost what they had stored. */
  wiped(ips: readonly string[]): void {
    for (const ip of ips) this.#wiped.set(ip, this.#parts.world.nowMs);
  }

  #isWithin(budget: ResolvedFaultBudget, damage: Damage): boolean {
    const members = this.#parts.topology.processes
      .filter((member) => mayBeVictim(budget.of, member))
      .map(({ ip }) => ip);
    const after = this.#losses(budget, members, damage);
    if (fits(after, budget.max)) return true;
    // Some died by themselves, perhaps: over budget already, but no more than before.
    const before = this.#losses(budget, members, {});
    for (let count = budget.max; ; count += 1)
      if (fits(before, count)) return count > budget.max && fits(after, count);
  }

  #losses(
    budget: ResolvedFaultBudget,
    members: readonly string[],
    damage: Damage,
  ): Losses {
    const has = (loss: FaultLoss): boolean => budget.losing.includes(loss);
    const isLost = (ip: string): boolean =>
      (has("process") && this.#isDown(ip, damage)) ||
      (has("disk") && this.#isDiskLost(ip, budget, damage));
    const lost = new Set(members.filter(isLost));
    if (!has("network")) return { lost, apart: [] };
    const ways = [...this.#parts.world.network.blocked, ...(damage.ways ?? [])];
    for (const ip of this.#cutOff(ways)) if (members.includes(ip)) lost.add(ip);
    return { lost, apart: apart(ways, members) };
  }

  #isDown(ip: string, { processes = [] }: Damage): boolean {
    const { cluster, world } = this.#parts;
    return (
      !cluster.isAlive(ip) || world.isStalled(ip) || processes.includes(ip)
    );
  }

  #isDiskLost(
    ip: string,
    { wipedForMs }: ResolvedFaultBudget,
    { disks = [] }: Damage,
  ): boolean {
    const wipedAtMs = this.#wiped.get(ip) ?? -Infinity;
    const nowMs = this.#parts.world.nowMs;
    if (disks.includes(ip) || this.#parts.troubles.has(ip)) return true;
    return nowMs - wipedAtMs < wipedForMs;
  }

  /** Whoever reaches nobody, or is reached by nobody. */
  #cutOff(ways: readonly Way[]): string[] {
    const { processes, workloads } = this.#parts.topology;
    const others = processes.length + workloads.length - 1;
    const partners = new Map<string, Set<string>>();
    const cutOff: string[] = [];
    for (const { from, to } of ways) {
      if (from === undefined || to === undefined)
        cutOff.push((from ?? to) as string);
      else
        for (const [ip, partner] of [
          [from, to],
          [to, from],
        ] as const)
          partners.set(ip, (partners.get(ip) ?? new Set()).add(partner));
    }
    for (const [ip, { size }] of partners) if (size >= others) cutOff.push(ip);
    return cutOff;
  }
}

/** Who is lost, and which two of the others do not reach each other both ways. */
interface Losses {
  readonly lost: ReadonlySet<string>;
  readonly apart: readonly (readonly [string, string])[];
}

function apart(
  ways: readonly Way[],
  members: readonly string[],
): [string, string][] {
  const isMember = new Set(members);
  return ways
    .filter(({ from = "", to = "" }) => isMember.has(from) && isMember.has(to))
    .map(({ from, to }) => [from as string, to as string]);
}

/** Whether all are whole and together once so many are given up. One of each two who are apart has to go. */
function fits({ lost, apart: pairs }: Losses, max: number): boolean {
  if (lost.size > max) return false;
  const open = pairs.find(([from, to]) => !lost.has(from) && !lost.has(to));
  if (open === undefined) return true;
  return open.some((ip) =>
    fits({ lost: new Set(lost).add(ip), apart: pairs }, max),
  );
}
