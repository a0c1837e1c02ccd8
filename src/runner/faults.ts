/** Those who break things, and what they are given to do it with. */
import type { RandomProvider, TimeProvider } from "../core/index.ts";

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
  /** The addresses of all processes, dead or alive, in order. */
  readonly processIps: readonly string[];
  /** Processes that are down, or asked to go down, at this instant. */
  readonly deadCount: number;
  isAlive(ip: string): boolean;
  /** Cut two machines off from each other, both ways, until healed. */
  partition(left: string, right: string): void;
  heal(left: string, right: string): void;
  isPartitioned(left: string, right: string): boolean;
  /** Take a process down; it comes back after a while. False when it is down already, or chaos is over. */
  reboot(ip: string, kind: RebootKind): boolean;
}
