/** The chaos of one seed: injectors started together and stopped together. */
import type { SimWorld } from "../sim/index.ts";
import { defaultAttrition } from "./attrition.ts";
import { BreakerClock } from "./breaker-clock.ts";
import { builtInInjectors } from "./built-in-injectors.ts";
import type { DrawnChaos } from "./chaos.ts";
import type { Cluster } from "./cluster.ts";
import { DiskTroubles } from "./disk-faults.ts";
import { FaultAccount } from "./fault-account.ts";
import type { ResolvedFaultBudget } from "./fault-budget.ts";
import {
  createFaultContext,
  untilChaosIsOver,
  type FaultContext,
  type FaultInjector,
} from "./faults.ts";
import { drawDelays, type RebootDelays, type RebootRanges } from "./reboot.ts";
import type { Topology } from "./topology.ts";
import type { Tracker } from "./tracked.ts";

export interface DisturbanceParts {
  readonly world: SimWorld;
  readonly cluster: Cluster;
  readonly topology: Topology;
  readonly drawn: DrawnChaos;
  /** The user's own. */
  readonly injectors: readonly FaultInjector[];
  readonly budgets: readonly ResolvedFaultBudget[];
  readonly tracker: Tracker;
}

/** Runs the injectors of a seed until told to stop. */
export class Disturbance {
  readonly #parts: DisturbanceParts;
  readonly #shutdown = new AbortController();
  readonly #account: FaultAccount;
  readonly #troubles: DiskTroubles;
  /** By the names of injectors and attacks. */
  readonly #clocks = new Map<string, BreakerClock>();

  constructor(parts: DisturbanceParts) {
    this.#parts = parts;
    const troubles = new DiskTroubles(parts.world);
    this.#troubles = troubles;
    this.#account = new FaultAccount({ ...parts, troubles });
    // Setup comes before any fault.
    parts.world.calm();
  }

  /** The chaos phase begins: what the world inflicts by itself, and the injectors. */
  start(): void {
    this.#parts.world.storm();
    for (const injector of this.#injectors()) {
      const context = this.hands("injector", injector.name);
      this.#parts.tracker.follow({
        name: injector.name,
        work: () => untilChaosIsOver(context, () => injector.inject(context)),
      });
    }
  }

  /**
   * The chaos phase is over: injectors end, what they cut is joined again, whom they killed comes back, and chance
   * breaks nothing more.
   */
  stop(): void {
    this.#shutdown.abort(new Error("the chaos phase is over"));
    this.#troubles.endAll();
    this.#parts.world.calm();
    this.#parts.cluster.heal();
  }

  /** Delays for a reboot; for a process that went down by itself, nothing is said about them. */
  drawDelays(ranges: RebootRanges = {}): RebootDelays {
    const { world, drawn } = this.#parts;
    const { graceMs, recoveryMs } = drawn.attrition ?? defaultAttrition;
    const random = world.random("reboots");
    return drawDelays(random, { graceMs, recoveryMs, ...ranges });
  }

  /** What each of those waits for who break things and have not ended. */
  get waits(): ReadonlyMap<string, readonly string[]> {
    return new Map(
      this.#parts.tracker.pending.map((name) => [
        name,
        this.#clocks.get(name)?.waits ?? [],
      ]),
    );
  }

  /** Hands for one who breaks things, with chance and a clock of their own. */
  hands(role: "injector" | "attack", name: string): FaultContext {
    const { world, cluster, topology } = this.#parts;
    const time = new BreakerClock(world.time);
    this.#clocks.set(name, time);
    return createFaultContext({
      ...{ world, cluster, topology, account: this.#account },
      troubles: this.#troubles,
      signal: this.#shutdown.signal,
      random: world.random(`${role} ${name}`),
      time,
      drawDelays: (ranges) => this.drawDelays(ranges),
    });
  }

  #injectors(): FaultInjector[] {
    const { drawn, topology, injectors } = this.#parts;
    const everybody = [...topology.processes, ...topology.workloads];
    const ips = everybody.map(({ ip }) => ip);
    return [...injectors, ...builtInInjectors(drawn, ips)];
  }
}
