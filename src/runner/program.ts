/** What runs in a simulated world: processes, which are tested, and workloads, which test them. */
import type { SimContext } from "./context.ts";
import type { Count } from "./count.ts";
import type { TagDimensions } from "./tags.ts";

/**
 * A kind of process. `start` runs at every boot and gets a fresh context; only the disk survives from one life to the
 * next. What it returns is disposed of when the process is asked to stop. What it throws is a crash.
 */
export interface Process {
  readonly name: string;
  /** Default 1. Not for kinds that stand in the cluster. */
  readonly count?: Count;
  /** Of a kind that stands in the cluster: how many of it on each machine. */
  readonly processesPerMachine?: Count;
  /** Labels that take turns. Default: none. */
  readonly tags?: TagDimensions;
  start(ctx: SimContext): Started | Promise<Started>;
}

/** How many of a kind there are. */
export interface ProcessOptions {
  /** Default 1. */
  count?: Count;
  /** Labels: process number `i` gets `values[i % values.length]` of each key. Default: none. */
  tags?: TagDimensions;
}

/** What a started process may leave running. */
export type Started = AsyncDisposable | Disposable | void;

/** End what a process left running. */
export async function endStarted(started: Started): Promise<void> {
  if (started === undefined || started === null) return;
  if (Symbol.asyncDispose in started) await started[Symbol.asyncDispose]();
  else started[Symbol.dispose]();
}

/** What clients do, and what must hold afterwards. One instance serves one seed. */
export interface Workload {
  readonly name: string;
  /** Before any fault. Processes are booting. */
  setup?(ctx: SimContext): Promise<void>;
  /** While things break. A throw fails the run. */
  run(ctx: SimContext): Promise<void>;
  /** Chaos is over, everything is healed, the processes still run. */
  check?(ctx: SimContext): Promise<void>;
}
