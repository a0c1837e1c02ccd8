/** The chaos of one seed: injectors started together and stopped together. */
import type { SimWorld } from "../sim/index.ts";
import { attritionInjector, defaultAttrition } from "./attrition.ts";
import type { DrawnChaos } from "./chaos.ts";
import type { Cluster, RebootDelays } from "./cluster.ts";
import type { FaultContext, FaultInjector } from "./faults.ts";
import { partitionInjector } from "./partitions.ts";
import type { Topology } from "./topology.ts";
import type { Tracker } from "./tracked.ts";

export interface DisturbanceParts {
  readonly world: SimWorld;
  readonly cluster: Cluster;
  readonly topology: Topology;
  readonly drawn: DrawnChaos;
  /** The user's own. */
  readonly injectors: readonly FaultInjector[];
  readonly tracker: Tracker;
}

/** Runs the injectors of a seed until told to stop. */
export class Disturbance {
  readonly #parts: DisturbanceParts;
  readonly #shutdown = new AbortController();

  constructor(parts: DisturbanceParts) {
    this.#parts = parts;
  }

  start(): void {
    for (const injector of this.#injectors()) {
      const context = this.#context(injector.name);
      this.#parts.tracker.follow({ name: injector.name, work: () => injector.inject(context) });
    }
  }

  /** The chaos phase is over: injectors end, what they cut is joined again, and chance breaks nothing more. */
  stop(): void {
    this.#shutdown.abort(new Error("the chaos phase is over"));
    this.#parts.world.network.calm();
  }

  /** Delays for a process that went down by itself. */
  drawDelays(): RebootDelays {
    const { graceMs, recoveryMs } = this.#parts.drawn.attrition ?? defaultAttrition;
    const random = this.#parts.world.random("reboots");
    const draw = ([fromMs, toMs]: readonly [number, number]): number => fromMs + random.ratio() * (toMs - fromMs);
    return { graceMs: draw(graceMs), recoveryMs: draw(recoveryMs) };
  }

  #injectors(): FaultInjector[] {
    const { drawn, topology, injectors } = this.#parts;
    const all = [...injectors];
    if (drawn.attrition !== undefined) all.push(attritionInjector(drawn.attrition));
    if (drawn.partitions !== undefined) {
      const ips = [...topology.processes, ...topology.workloads].map(({ ip }) => ip);
      all.push(partitionInjector(drawn.partitions, ips));
    }
    return all;
  }

  /** An injector's hands. They do nothing once chaos is over: whoever wakes up late must not break what was healed. */
  #context(name: string): FaultContext {
    const { world, cluster, topology } = this.#parts;
    const { signal } = this.#shutdown;
    return {
      time: world.time,
      random: world.random(`injector ${name}`),
      chaosShutdown: signal,
      processIps: topology.processes.map(({ ip }) => ip),
      get deadCount(): number {
        return cluster.deadCount;
      },
      isAlive: (ip) => cluster.isAlive(ip),
      partition: (left, right) => {
        if (!signal.aborted) world.network.partition(left, right);
      },
      heal: (left, right) => world.network.heal(left, right),
      isPartitioned: (left, right) => world.network.isPartitioned(left, right),
      reboot: (ip, kind) => !signal.aborted && cluster.reboot(ip, kind, this.drawDelays()),
    };
  }
}
