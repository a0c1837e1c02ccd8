/** The chaos of one seed: injectors started together and stopped together. */
import type { Circuit, SimWorld } from "../sim/index.ts";
import { attritionInjector, defaultAttrition } from "./attrition.ts";
import type { DrawnChaos } from "./chaos.ts";
import { clogInjector } from "./chaos-clogs.ts";
import { connectionInjector } from "./chaos-connections.ts";
import { stallInjector } from "./chaos-stalls.ts";
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
    // Setup comes before any fault.
    parts.world.calm();
  }

  /** The chaos phase begins: what the world inflicts by itself, and the injectors. */
  start(): void {
    this.#parts.world.storm();
    for (const injector of this.#injectors()) {
      const context = this.#context(injector.name);
      this.#parts.tracker.follow({
        name: injector.name,
        work: () => injector.inject(context),
      });
    }
  }

  /** The chaos phase is over: injectors end, what they cut is joined again, and chance breaks nothing more. */
  stop(): void {
    this.#shutdown.abort(new Error("the chaos phase is over"));
    this.#parts.world.calm();
  }

  /** Delays for a process that went down by itself. */
  drawDelays(): RebootDelays {
    const { graceMs, recoveryMs } =
      this.#parts.drawn.attrition ?? defaultAttrition;
    const random = this.#parts.world.random("reboots");
    const draw = ([fromMs, toMs]: readonly [number, number]): number =>
      fromMs + random.ratio() * (toMs - fromMs);
    return { graceMs: draw(graceMs), recoveryMs: draw(recoveryMs) };
  }

  #injectors(): FaultInjector[] {
    const { drawn, topology, injectors } = this.#parts;
    const all = [...injectors];
    if (drawn.attrition !== undefined)
      all.push(attritionInjector(drawn.attrition));
    const ips = [...topology.processes, ...topology.workloads].map(
      ({ ip }) => ip,
    );
    if (drawn.partitions !== undefined)
      all.push(partitionInjector(drawn.partitions, ips));
    if (drawn.clogs !== undefined) all.push(clogInjector(drawn.clogs, ips));
    if (drawn.connections !== undefined)
      all.push(connectionInjector(drawn.connections));
    if (drawn.stalls !== undefined) all.push(stallInjector(drawn.stalls));
    return all;
  }

  /** An injector's hands. They do nothing once chaos is over: whoever wakes up late must not break what was healed. */
  #context(name: string): FaultContext {
    const { world, cluster, topology } = this.#parts;
    const { network } = world;
    const { signal } = this.#shutdown;
    return {
      time: world.time,
      random: world.random(`injector ${name}`),
      chaosShutdown: signal,
      state: world.state,
      processIps: topology.processes.map(({ ip }) => ip),
      tags: topology.tags,
      machines: topology.machines,
      get deadCount(): number {
        return cluster.deadCount;
      },
      isAlive: (ip) => cluster.isAlive(ip),
      partition: (left, right) => {
        if (!signal.aborted) world.network.partition(left, right);
      },
      heal: (left, right) => world.network.heal(left, right),
      cut: (way) => {
        if (!signal.aborted) network.cut(way);
      },
      mend: (way) => network.mend(way),
      clog: (way) => {
        if (!signal.aborted) network.clog(way);
      },
      unclog: (way) => network.unclog(way),
      stall: (ip, ms) => !signal.aborted && world.stall(ip, ms),
      get circuits(): readonly Circuit[] {
        return signal.aborted ? [] : network.circuits;
      },
      note: (fault) => {
        if (!signal.aborted) world.faults.count(fault);
      },
      isPartitioned: (left, right) => world.network.isPartitioned(left, right),
      reboot: (ip, kind) =>
        !signal.aborted && cluster.reboot(ip, kind, this.drawDelays()),
    };
  }
}
