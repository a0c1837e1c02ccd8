/** One seed from the first event to the last. */
import {
  listenToAssertions,
  type AssertionListener,
} from "../assertions/index.ts";
import { isSimulationError, SimWorld, type Crash } from "../sim/index.ts";
import { assemble, type Cast } from "./cast.ts";
import { drawChaos, type DrawnChaos } from "./chaos.ts";
import { Cluster } from "./cluster.ts";
import { Disturbance } from "./disturbance.ts";
import { FailureLog } from "./failure-log.ts";
import { SeedObserver } from "./observations.ts";
import type { Plan } from "./plan.ts";
import type { SeedResult, SeedRunOptions } from "./seed-result.ts";
import { Stage } from "./stage.ts";
import { Tracker } from "./tracked.ts";

/** Run one seed to its end. Never rejects for what the program under test does. */
export async function runSeed(
  plan: Plan,
  options: SeedRunOptions,
): Promise<SeedResult> {
  return new SeedRun(plan, options).play();
}

/** More events than this in one seed is a loop that never ends. */
const eventsMax = 20_000_000;
/** How often to look whether everybody is up again, and how long a last graceful stop may take. */
const lookMs = 100;
const lastStopMs = 1_000;

/**
 * setup ──▶ chaos ──▶ recovery ──▶ check ──▶ over
 *
 * Workloads run from the beginning of chaos to the end of recovery at the latest; processes live throughout.
 */
class SeedRun {
  readonly #plan: Plan;
  readonly #options: SeedRunOptions;
  readonly #world: SimWorld;
  readonly #observer: SeedObserver;
  readonly #cast: Cast;
  readonly #cluster: Cluster;
  readonly #stage: Stage;
  readonly #injecting: Tracker;
  readonly #disturbance: Disturbance;
  readonly #failures = new FailureLog(() => this.#world);
  readonly #phase = { chaosBegun: false, chaosOver: false };
  #chaos!: DrawnChaos;
  #checked = 0;

  constructor(plan: Plan, options: SeedRunOptions) {
    this.#plan = plan;
    this.#options = options;
    this.#observer = this.#makeObserver();
    this.#world = this.#makeWorld();
    const world = this.#world;
    this.#cast = assemble(plan, world.random("cast"));
    const { topology } = this.#cast;
    const parts = { topology, phase: this.#phase };
    const cluster = new Cluster(world, parts, plan.processes);
    this.#cluster = cluster;
    this.#stage = new Stage({
      world,
      cast: this.#cast,
      context: parts,
      onError: (what, error) => this.#failures.threw("workload", what, error),
    });
    const tracker = new Tracker(world, (name, error) =>
      this.#failures.threw("injector", name, error),
    );
    this.#injecting = tracker;
    const { injectors } = plan;
    this.#disturbance = new Disturbance({
      world,
      cluster,
      topology,
      drawn: this.#chaos,
      injectors,
      tracker,
    });
  }

  async play(): Promise<SeedResult> {
    const world = this.#world;
    const story = new Tracker(world, (name, error) =>
      this.#failures.threw("stuck", name, error),
    );
    let begun = false;
    world.time.schedule(0, () => {
      begun = true;
      story.follow({ name: "the runner", work: () => this.#story() });
    });
    const over = (): boolean => begun && story.idle;
    try {
      await world.runUntil(() => over() || world.steps > eventsMax);
      if (!over())
        this.#failures.add(
          "stuck",
          `the seed did not end within ${eventsMax} events`,
        );
    } catch (error) {
      if (isSimulationError(error, "nested")) throw error;
      this.#failures.threw("crash", "the world", error);
    }
    const result = this.#result();
    world.end();
    return result;
  }

  async #story(): Promise<void> {
    const { chaosMs, recoveryMs, checkMs } = this.#plan.phases;
    const { time } = this.#world;
    this.#cluster.bootAll();
    await this.#finish(
      "setup",
      this.#stage.begin("setup", (ctx, workload) => workload.setup?.(ctx)),
      checkMs,
    );
    this.#phase.chaosBegun = true;
    this.#disturbance.start();
    const working = this.#stage.begin("run", (ctx, workload) =>
      workload.run(ctx),
    );
    // Where nobody works, processes are all there is to test, and nothing ends chaos early.
    if (this.#cast.workloads.length === 0) await time.sleep(chaosMs);
    else await working.drained(chaosMs);
    this.#phase.chaosOver = true;
    this.#disturbance.stop();
    await this.#finish("run", working, recoveryMs);
    await this.#finish("inject", this.#injecting, recoveryMs);
    await this.#everybodyUp(recoveryMs);
    await this.#check(checkMs);
    this.#cluster.stopAll();
    await time.sleep(lastStopMs);
  }

  /** Wait for the processes that are still on their way back. One that dies of an error at every boot never is. */
  async #everybodyUp(ms: number): Promise<void> {
    const { time } = this.#world;
    const untilMs = time.now() + ms;
    while (this.#cluster.deadCount > 0 && time.now() < untilMs)
      await time.sleep(lookMs);
    if (this.#cluster.deadCount === 0) return;
    this.#failures.add(
      "stuck",
      `${this.#cluster.deadCount} processes are still down ${ms} ms after the last fault`,
    );
  }

  async #check(ms: number): Promise<void> {
    const before = this.#observer.evaluations;
    await this.#finish(
      "check",
      this.#stage.begin("check", (ctx, workload) => workload.check?.(ctx)),
      ms,
    );
    this.#checked = this.#observer.evaluations - before;
  }

  /** Wait for everybody's part to end; who has not ended by then is stuck, and no longer waited for. */
  async #finish(part: string, tracker: Tracker, ms: number): Promise<void> {
    if (await tracker.drained(ms)) return;
    for (const name of tracker.pending) {
      this.#failures.add(
        "stuck",
        `${name}.${part} has not finished within ${ms} ms without faults`,
      );
      tracker.ended(name);
    }
  }

  #makeObserver(): SeedObserver {
    return new SeedObserver({
      random: () => this.#world.random("buggify"),
      onViolation: (message, details) =>
        this.#failures.add("assertion", message, { details }),
      onStrike: () => this.#world.faults.count("buggify"),
      mayStrike: () => this.#phase.chaosBegun && !this.#phase.chaosOver,
    });
  }

  #makeWorld(): SimWorld {
    let outside: AssertionListener | undefined;
    return new SimWorld({
      seed: this.#options.seed,
      recipe: this.#options.recipe,
      settling: this.#options.settling,
      traceRecentMax: this.#options.traceRecentMax,
      drawWeather: (random) => {
        this.#chaos = drawChaos(random, this.#plan.chaos);
        return this.#chaos.weather;
      },
      onCrash: (crash) => this.#crashed(crash),
      enter: () => {
        outside = listenToAssertions(this.#observer);
      },
      leave: () => void listenToAssertions(outside),
    });
  }

  #crashed(crash: Crash): void {
    const { topology } = this.#cast;
    const everybody = [...topology.processes, ...topology.workloads];
    const name = everybody.find(({ ip }) => ip === crash.ip)?.name ?? crash.ip;
    if (!this.#plan.expectedCrash(crash))
      this.#failures.threw("crash", name, crash.error);
    this.#cluster.crashed(crash.ip, this.#disturbance.drawDelays().recoveryMs);
    this.#stage.crashed(crash.ip);
  }

  #result(): SeedResult {
    const world = this.#world;
    return {
      seed: this.#options.seed,
      fingerprint: world.fingerprint,
      simulatedMs: world.nowMs,
      events: world.steps,
      faults: world.faults.counts,
      observations: this.#observer.observations.all,
      checked: this.#checked,
      hasCheck: this.#cast.workloads.some(
        ({ workload }) => workload.check !== undefined,
      ),
      failures: this.#failures.all,
      ghostCalls: world.ghostCalls,
      chaos: this.#chaos,
      recent: world.trace.recent,
    };
  }
}
