/** The whole world, as one simulated process is given it. */
import type { Providers, Trace, TraceFields } from "../core/index.ts";
import type { MachineClock } from "./clock.ts";
import type { SimHandle } from "./handle.ts";
import { SimNetworkProvider } from "./network/provider.ts";
import type { SimNetwork } from "./network/sim-network.ts";
import type { SimRandomProvider } from "./random.ts";
import type { Disk } from "./storage/disk.ts";
import { SimStorageProvider } from "./storage/provider.ts";
import type { SharedState } from "./state.ts";
import { StateHandle } from "./state-handle.ts";
import { SimTaskProvider } from "./tasks.ts";
import { SimTimeProvider } from "./time.ts";
import type { TraceLog } from "./trace-log.ts";

export interface SimProviderParts {
  readonly handle: SimHandle;
  readonly network: SimNetwork;
  readonly disk: Disk;
  readonly trace: TraceLog;
  readonly clock: MachineClock;
  readonly shared: SharedState;
}

/** The providers of one incarnation. They go inert with it; a reboot brings new ones. */
export class SimProviders implements Providers {
  readonly network: SimNetworkProvider;
  readonly time: SimTimeProvider;
  readonly tasks: SimTaskProvider;
  readonly random: SimRandomProvider;
  readonly storage: SimStorageProvider;
  readonly trace: Trace;
  /** What the parts of this world share, for tests only: no part of `Providers`. */
  readonly state: StateHandle;

  constructor(parts: SimProviderParts) {
    const { handle, network, disk, trace, clock } = parts;
    this.network = new SimNetworkProvider(network, handle);
    this.time = new SimTimeProvider(handle, clock);
    this.tasks = new SimTaskProvider(handle);
    this.random = handle.random;
    this.storage = new SimStorageProvider(disk, handle);
    this.trace = new IncarnationTrace(trace, handle);
    this.state = new StateHandle(parts.shared, {
      source: handle.incarnation.ip,
      mayWrite: () => handle.mayWrite(),
    });
  }
}

/** Stamps what a process emits with its address and the simulated time. */
class IncarnationTrace implements Trace {
  readonly #log: TraceLog;
  readonly #handle: SimHandle;

  constructor(log: TraceLog, handle: SimHandle) {
    this.#log = log;
    this.#handle = handle;
  }

  get enabled(): boolean {
    return this.#log.enabled;
  }

  emit(name: string, fields: TraceFields): void {
    if (!this.#log.enabled || !this.#handle.usable) return;
    const atMs = this.#handle.engine.nowMicros / 1_000;
    this.#log.add({ atMs, source: this.#handle.incarnation.ip, name, fields });
  }
}
