/** Those who break things, and what they are given to do it with. */
import type { RandomProvider, TimeProvider } from "../core/index.ts";
import type { Circuit, StateHandle, Way } from "../sim/index.ts";
import type { MachineRegistry } from "./locality.ts";
import type { TagRegistry } from "./tags.ts";

/** How a process goes down: asked first, at once, or at once with the loss of its disk. It comes back later. */
export type RebootKind = "graceful" | "crash" | "crash_and_wipe";

/** Breaks things on purpose. A fresh run of `inject` serves every seed. */
export interface FaultInjector {
  readonly name: string;
  /** Goes on until `ctx.chaosShutdown` fires. A throw fails the run. */
  inject(ctx: FaultContext): Promise<void>;
}

/** The hands of a fault injector. Once chaos is over they break nothing any more. */
export interface FaultContext {
  readonly time: TimeProvider;
  /** Chance for this injector alone. */
  readonly random: RandomProvider;
  /** Fires when the chaos phase is over. Sleeps that are given it end then. */
  readonly chaosShutdown: AbortSignal;
  /** What processes and workloads share with those who test them; entries of an injector come from `world`. */
  readonly state: StateHandle;
  /** The addresses of all processes, dead or alive, in order. */
  readonly processIps: readonly string[];
  /** The labels of all processes. */
  readonly tags: TagRegistry;
  /** Machines, zones and data centres, and who is in them. */
  readonly machines: MachineRegistry;
  /** Processes that are down, or asked to go down, at this instant. */
  readonly deadCount: number;
  isAlive(ip: string): boolean;
  /** Cut two machines off from each other, both ways, until healed. */
  partition(left: string, right: string): void;
  heal(left: string, right: string): void;
  isPartitioned(left: string, right: string): boolean;
  /** Cut one way: from one machine to another, everything from one, or everything to one, until mended. */
  cut(way: Way): void;
  mend(way: Way): void;
  /** Hold everything back on a way until it is unclogged. It comes late, and nothing breaks of it. */
  clog(way: Way): void;
  unclog(way: Way): void;
  /** Let a process stand still for so long. False when it is down, or chaos is over. */
  stall(ip: string, ms: number): boolean;
  /** The connections that are in use, to be cut and broken one by one. None once chaos is over. */
  readonly circuits: readonly Circuit[];
  /** Count something as a fault of this seed, for the report. */
  note(fault: string): void;
  /** Take a process down; it comes back after a while. False when it is down already, or chaos is over. */
  reboot(ip: string, kind: RebootKind): boolean;
}
