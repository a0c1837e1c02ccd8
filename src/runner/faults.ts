/** Those who break things, and what they are given to do it with. */
import type { RandomProvider, TimeProvider } from "../core/index.ts";
import type { Circuit, StateHandle } from "../sim/index.ts";
import { diskFaults, type DiskFaultHands } from "./disk-faults.ts";
import type { FaultGround } from "./fault-ground.ts";
import type { MachineRegistry } from "./locality.ts";
import { networkFaults, type NetworkFaults } from "./network-faults.ts";
import { processFaults, type ProcessFaults } from "./process-faults.ts";
import type { TagRegistry } from "./tags.ts";
import type { Topology } from "./topology.ts";

/** Breaks things on purpose. A fresh run of `inject` serves every seed. */
export interface FaultInjector {
  readonly name: string;
  /** Goes on until `ctx.chaosShutdown` fires. A throw fails the run, save of that signal's reason. */
  inject(ctx: FaultContext): Promise<void>;
}

/** The hands of a fault injector. Once chaos is over they break nothing any more. */
export interface FaultContext
  extends ProcessFaults, NetworkFaults, DiskFaultHands {
  readonly time: TimeProvider;
  /** Chance for this injector alone. */
  readonly random: RandomProvider;
  /** Fires when the chaos phase is over. Sleeps that are given it reject then, which may end whoever sleeps. */
  readonly chaosShutdown: AbortSignal;
  /** What processes and workloads share with those who test them; entries of an injector come from `world`. */
  readonly state: StateHandle;
  /** All processes and workloads. */
  readonly topology: Topology;
  /** The labels of all processes. */
  readonly tags: TagRegistry;
  /** Machines, zones and data centres, and who is in them. */
  readonly machines: MachineRegistry;
  /** Count something as a fault of this seed, for the report; `targets` says where it struck. */
  note(fault: string, ...targets: readonly string[]): void;
}

/** Hands for one injector. */
export function createFaultContext(ground: FaultGround): FaultContext {
  const { world, cluster, topology, signal, random, time } = ground;
  return {
    ...processFaults(ground),
    ...networkFaults(ground),
    ...diskFaults(ground),
    time,
    random,
    chaosShutdown: signal,
    state: world.state,
    topology,
    tags: topology.tags,
    machines: topology.machines,
    get deadCount(): number {
      return cluster.deadCount;
    },
    get circuits(): readonly Circuit[] {
      return signal.aborted ? [] : world.network.circuits;
    },
    note: (fault, ...targets) => {
      if (!signal.aborted) world.faults.count(fault, ...targets);
    },
  };
}

/** Break things. To end by the reason of `chaosShutdown`, as a sleep that is given it does, is no failure. */
export async function untilChaosIsOver(
  { chaosShutdown }: Pick<FaultContext, "chaosShutdown">,
  work: () => Promise<void>,
): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!chaosShutdown.aborted || error !== chaosShutdown.reason) throw error;
  }
}
