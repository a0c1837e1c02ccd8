/** Everything that a process may know of the world outside it, in one bundle. */
import type { NetworkProvider } from "./network.ts";
import type { RandomProvider } from "./random.ts";
import type { StorageProvider } from "./storage.ts";
import type { TaskProvider } from "./tasks.ts";
import type { TimeProvider } from "./time.ts";
import type { Trace } from "./trace.ts";

/**
 * The world, as application code is given it. Code that takes all it needs from here runs unchanged in production
 * and in simulation.
 */
export interface Providers {
  readonly network: NetworkProvider;
  readonly time: TimeProvider;
  readonly tasks: TaskProvider;
  readonly random: RandomProvider;
  readonly storage: StorageProvider;
  readonly trace: Trace;
}
