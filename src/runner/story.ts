/** The story of a seed: its phases, one after the other. */
import type { SimWorld } from "../sim/index.ts";
import type { Cluster } from "./cluster.ts";
import type { Disturbance } from "./disturbance.ts";
import type { FailureLog } from "./failure-log.ts";
import type { CurrentPhase } from "./phase.ts";
import type { Phases } from "./plan.ts";
import {
  describeLeftover,
  findLeftovers,
  originsOf,
  type Leftover,
  type SettleOptions,
} from "./settle.ts";
import type { Stage } from "./stage.ts";
import type { Topology } from "./topology.ts";
import type { Tracker } from "./tracked.ts";
import { whoWaits } from "./waiting.ts";

export interface StoryParts {
  readonly world: SimWorld;
  readonly phases: Readonly<Phases>;
  readonly settling: Readonly<SettleOptions>;
  readonly phase: CurrentPhase;
  readonly topology: Topology;
  readonly cluster: Cluster;
  readonly stage: Stage;
  readonly disturbance: Disturbance;
  /** Follows the injectors. */
  readonly injecting: Tracker;
  readonly failures: FailureLog;
}

/** How often to look whether everybody is up again. */
const lookMs = 100;

/**
 * setup ──▶ chaos ──▶ recovery ──▶ check ──▶ stop
 *
 * Workloads run from the beginning of chaos to the end of recovery at the latest; processes live throughout.
 */
export class Story {
  readonly #parts: StoryParts;
  #leftovers: readonly Leftover[] = [];

  constructor(parts: StoryParts) {
    this.#parts = parts;
  }

  /** What everybody still held in the end. */
  get leftovers(): readonly Leftover[] {
    return this.#leftovers;
  }

  /** Play all phases. What breaks is in the failure log. */
  async play(): Promise<void> {
    const { recoveryMs } = this.#parts.phases;
    await this.#setup();
    const working = await this.#chaos();
    await this.#recover(working, recoveryMs);
    await this.#check();
    await this.#stop();
  }

  async #setup(): Promise<void> {
    const { cluster, stage, phases } = this.#parts;
    cluster.bootAll();
    const settingUp = stage.begin("setup", (ctx, workload) =>
      workload.setup?.(ctx),
    );
    await this.#finish("setup", settingUp, phases.checkMs);
  }

  /** Ends when all workloads have finished, or when its time is over; says who works. */
  async #chaos(): Promise<Tracker> {
    const { world, phase, phases, stage, disturbance } = this.#parts;
    const { injecting } = this.#parts;
    phase.name = "chaos";
    disturbance.start();
    stage.attack(injecting, (name) => disturbance.hands("attack", name));
    const working = stage.begin("run", (ctx, workload) => workload.run(ctx));
    // Where nobody works, processes are all there is to test, and nothing ends chaos early.
    if (stage.isEmpty) await world.time.sleep(phases.chaosMs);
    else await working.drained(phases.chaosMs);
    return working;
  }

  async #recover(working: Tracker, recoveryMs: number): Promise<void> {
    const { phase, disturbance, injecting } = this.#parts;
    phase.name = "recovery";
    disturbance.stop();
    await this.#finish("run", working, recoveryMs);
    await this.#finish("inject", injecting, recoveryMs);
    await this.#everybodyUp(recoveryMs);
  }

  /** Wait for the processes that are still on their way back. One that dies of an error at every boot never is. */
  async #everybodyUp(ms: number): Promise<void> {
    const { cluster, failures } = this.#parts;
    const { time } = this.#parts.world;
    const untilMs = time.now() + ms;
    while (cluster.missing.length > 0 && time.now() < untilMs)
      await time.sleep(lookMs);
    const { missing } = cluster;
    if (missing.length === 0) return;
    failures.add(
      "stuck",
      `${missing.join(", ")} ${missing.length === 1 ? "is" : "are"} still down ${ms} ms after the last fault`,
    );
  }

  async #check(): Promise<void> {
    const { phase, stage, phases } = this.#parts;
    phase.name = "check";
    const checking = stage.begin("check", (ctx, workload) =>
      workload.check?.(ctx),
    );
    await this.#finish("check", checking, phases.checkMs);
  }

  async #stop(): Promise<void> {
    const { world, topology, phase, cluster, stage } = this.#parts;
    const { settling, failures } = this.#parts;
    phase.name = "stop";
    cluster.stopAll();
    stage.stopAll();
    await world.time.sleep(settling.withinMs);
    if (settling.leftovers === "off") return;
    this.#leftovers = findLeftovers(world, topology);
    if (settling.leftovers === "report") return;
    for (const leftover of this.#leftovers)
      failures.add("leak", describeLeftover(leftover), {
        details: originsOf(leftover),
      });
  }

  /** Wait for everybody's part to end; who has not ended by then is stuck, and no longer waited for. */
  async #finish(part: string, tracker: Tracker, ms: number): Promise<void> {
    if (await tracker.drained(ms)) return;
    const { failures, stage, injecting } = this.#parts;
    const stuck = tracker.pending;
    const waiting = whoWaits(this.#parts, stuck);
    for (const name of stuck) {
      failures.add(
        "stuck",
        `${name}.${part} has not finished within ${ms} ms without faults`,
        { waiting },
      );
      // Injectors are none of the stage's business, attacks are.
      if (tracker !== injecting || stage.attackers?.includes(name))
        stage.giveUp(name);
      tracker.ended(name);
    }
  }
}
