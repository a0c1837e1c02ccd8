/** What fault injectors can do to the network. */
import type { Circuit, LinkFilter, LinkRule, Way } from "../sim/index.ts";
import { checkAddresses, type FaultGround } from "./fault-ground.ts";

/** One machine by its address, or several. */
export type Machines = string | readonly string[];

/**
 * Everything that breaks says whether it did: it does not once chaos is over, nor over a fault budget. Machines are
 * named by their addresses; one at which nobody lives is refused.
 */
export interface NetworkFaults {
  /** Cut machines off from each other, both ways, until healed: each on the left from each on the right. */
  partition(left: Machines, right: Machines): boolean;
  /** Undo `partition`, and `cut` of any way between the two sides. */
  heal(left: Machines, right: Machines): void;
  /** Undo every partition and every cut, those of others too. */
  healAll(): void;
  /** Whether nothing gets from the left machine to the right one. */
  isPartitioned(left: string, right: string): boolean;
  /** Whether everything from the left machine to the right one comes late. */
  isClogged(left: string, right: string): boolean;
  /** Cut one way, or several: from one machine to another, everything from one, or everything to one, until mended. */
  cut(ways: Way | readonly Way[]): boolean;
  mend(ways: Way | readonly Way[]): void;
  /** Hold everything back on a way until it is unclogged. It comes late, and nothing breaks of it. */
  clog(ways: Way | readonly Way[]): boolean;
  unclog(ways: Way | readonly Way[]): void;
  /**
   * Let a rule decide about each message that is ready to leave: pass, hold, reset, or come late. In force until it is
   * removed, or chaos is over. No fault budget counts single messages.
   */
  filter(rule: LinkRule): LinkFilter;
  /** The connections that are in use, to be cut and broken one by one. None once chaos is over. */
  readonly circuits: readonly Circuit[];
}

/** Hands for the network, less the list of connections, which changes. */
export function networkFaults(
  ground: FaultGround,
): Omit<NetworkFaults, "circuits"> {
  const { world, signal, account } = ground;
  const { network } = world;
  /** Whether these ways may be blocked: all of them, or none. */
  const may = (ways: readonly Way[]): boolean => {
    checkAddresses(ground, endsOf(ways));
    return !signal.aborted && account.permits({ ways });
  };
  return {
    partition: (left, right) => {
      const cuts = pairs(left, right);
      if (!may(cuts.map(([from, to]) => ({ from, to })))) return false;
      for (const [from, to] of cuts) network.partition(from, to);
      return true;
    },
    heal: (left, right) => {
      for (const [from, to] of pairs(left, right)) network.heal(from, to);
    },
    healAll: () => network.healAll(),
    isPartitioned: (left, right) => network.isPartitioned(left, right),
    isClogged: (left, right) => network.isClogged(left, right),
    cut: (ways) => {
      if (!may(listOf(ways))) return false;
      for (const way of listOf(ways)) network.cut(way);
      return true;
    },
    mend: (ways) => {
      for (const way of listOf(ways)) network.mend(way);
    },
    clog: (ways) => {
      if (!may(listOf(ways))) return false;
      for (const way of listOf(ways)) network.clog(way);
      return true;
    },
    unclog: (ways) => {
      for (const way of listOf(ways)) network.unclog(way);
    },
    filter: (rule) => (signal.aborted ? noFilter : network.filter(rule)),
  };
}

/** The rule of somebody who came too late. */
const noFilter: LinkFilter = Object.freeze({
  review: nothing,
  remove: nothing,
  [Symbol.dispose]: nothing,
});

function nothing(): void {
  // There is no rule to ask, or to remove.
}

/** Whom ways name, each once. */
function endsOf(ways: readonly Way[]): string[] {
  const ends = ways.flatMap(({ from, to }) => [from, to]);
  return [...new Set(ends)].filter((ip) => ip !== undefined);
}

function listOf(ways: Way | readonly Way[]): readonly Way[] {
  return Array.isArray(ways) ? (ways as readonly Way[]) : [ways as Way];
}

function pairs(left: Machines, right: Machines): readonly [string, string][] {
  const lefts = typeof left === "string" ? [left] : left;
  const rights = typeof right === "string" ? [right] : right;
  return lefts.flatMap((from) =>
    rights.map((to): [string, string] => [from, to]),
  );
}
