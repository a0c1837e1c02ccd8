/** One seed from the first event to the last. */
import {
  listenToAssertions,
  type AssertionListener,
} from "../assertions/index.ts";
import { watchEscapes, type EscapeListener } from "../node/index.ts";
import type { RandomProvider } from "../core/index.ts";
import { isSimulationError, SimWorld, type Crash } from "../sim/index.ts";
import { assemble, type Cast } from "./cast.ts";
import { drawChaos, isCalm, type DrawnChaos } from "./chaos.ts";
import { Cluster } from "./cluster.ts";
import { Disturbance } from "./disturbance.ts";
import { FailureLog } from "./failure-log.ts";
import { InvariantWatch } from "./invariant-watch.ts";
import { Knobs } from "./knobs.ts";
import { SeedObserver } from "./observations.ts";
import { Alphabets } from "./operations.ts";
import type { CurrentPhase } from "./phase.ts";
import type { Plan } from "./plan.ts";
import { describeEscape, EscapeLog } from "./proof-escapes.ts";
import { SeedLimits } from "./seed-limits.ts";
import type { SeedResult, SeedRunOptions } from "./seed-result.ts";
import { Stage } from "./stage.ts";
import { Story } from "./story.ts";
import { Tracker } from "./tracked.ts";
import { whoWaits } from "./waiting.ts";

/** Run one seed to its end. Never rejects for what the program under test does. */
export async function runSeed(
  plan: Plan,
  options: SeedRunOptions,
): Promise<SeedResult> {
  for (const hook of plan.beforeIteration) await hook(options.seed);
  return new SeedRun(plan, options).play();
}

/** Assembles what one seed needs, plays its story, and sums up. */
class SeedRun {
  readonly #plan: Plan;
  readonly #options: SeedRunOptions;
  readonly #world: SimWorld;
  readonly #observer: SeedObserver;
  readonly #cast: Cast;
  readonly #cluster: Cluster;
  readonly #stage: Stage;
  readonly #disturbance: Disturbance;
  readonly #story: Story;
  readonly #invariants: InvariantWatch;
  readonly #failures = new FailureLog(() => this.#world);
  readonly #phase: CurrentPhase = { name: "setup" };
  readonly #escapes: EscapeLog;
  readonly #knobs: Knobs;
  readonly #alphabets: Alphabets;
  #chaos!: DrawnChaos;

  constructor(plan: Plan, options: SeedRunOptions) {
    this.#plan = plan;
    this.#options = options;
    const stream = (name: string): RandomProvider => this.#world.random(name);
    this.#knobs = new Knobs(stream, () => !isCalm(this.#chaos));
    this.#alphabets = new Alphabets(plan.chaos.operations ?? "swarm", stream);
    this.#observer = this.#makeObserver();
    this.#escapes = this.#makeEscapeLog();
    this.#world = this.#makeWorld();
    const world = this.#world;
    this.#invariants = new InvariantWatch({
      ...{ world, failures: this.#failures, invariants: plan.invariants },
    });
    this.#cast = assemble(plan, world.random("cast"), isCalm(this.#chaos));
    const { topology } = this.#cast;
    const alphabets = this.#alphabets;
    const parts = { topology, phase: this.#phase, alphabets };
    const cluster = new Cluster(world, parts, plan.processes);
    this.#cluster = cluster;
    this.#stage = new Stage({
      world,
      cast: this.#cast,
      context: parts,
      onError: (what, error) => this.#failures.threw("workload", what, error),
    });
    const injecting = new Tracker(world, (name, error) =>
      this.#failures.threw("injector", name, error),
    );
    const { injectors, budgets } = plan;
    this.#disturbance = new Disturbance({
      world,
      cluster,
      topology,
      drawn: this.#chaos,
      ...{ injectors, budgets },
      tracker: injecting,
    });
    this.#story = new Story({
      ...{ world, phases: plan.phases, phase: this.#phase, injecting },
      settling: plan.settling,
      ...{ topology, cluster, stage: this.#stage },
      disturbance: this.#disturbance,
      failures: this.#failures,
    });
  }

  async play(): Promise<SeedResult> {
    const world = this.#world;
    const story = new Tracker(world, (name, error) =>
      this.#failures.threw("stuck", name, error),
    );
    let begun = false;
    this.#invariants.begin();
    world.time.schedule(0, () => {
      begun = true;
      story.follow({ name: "the runner", work: () => this.#story.play() });
    });
    const over = (): boolean => begun && story.idle;
    const limits = this.#limits();
    limits.begin();
    try {
      await world.runUntil(() => over() || limits.reached);
      if (!over()) limits.explain();
    } catch (error) {
      if (isSimulationError(error, "nested")) throw error;
      this.#failures.threw("crash", "the world", error);
    }
    const result = this.#result();
    world.end();
    return result;
  }

  #limits(): SeedLimits {
    const world = this.#world;
    const { topology } = this.#cast;
    const disturbance = this.#disturbance;
    return new SeedLimits({
      ...{ world, phase: this.#phase, failures: this.#failures },
      budgetMs: this.#plan.runTimeBudgetMs,
      waiting: () =>
        whoWaits({ world, topology, disturbance }, this.#stage.busy),
    });
  }

  #makeObserver(): SeedObserver {
    return new SeedObserver({
      stream: (name) => this.#world.random(name),
      onViolation: (message, details) =>
        this.#failures.add("assertion", message, { details }),
      claims: (holds, message, details) =>
        this.#invariants.claims(holds, message, details),
      onStrike: (site) => this.#world.faults.count("buggify", site),
      mayStrike: () => this.#phase.name === "chaos" && !isCalm(this.#chaos),
      knobs: this.#knobs,
      checks: () => this.#phase.name === "check" && this.#isClient(),
    });
  }

  #makeWorld(): SimWorld {
    let outside: AssertionListener | undefined;
    let outsider: EscapeListener | undefined;
    const watches = this.#options.escapes !== "off";
    const listener: EscapeListener = (used) => this.#escapes.use(used);
    return new SimWorld({
      seed: this.#options.seed,
      recipe: this.#options.recipe,
      settling: this.#options.settling,
      traceRecentMax: this.#options.traceRecentMax,
      keepOrigins: this.#options.keepOrigins,
      ...(this.#options.log && { log: this.#options.log }),
      drawWeather: (random) => {
        this.#chaos = drawChaos(random, this.#plan.chaos);
        return this.#chaos.weather;
      },
      onCrash: (crash) => this.#crashed(crash),
      enter: () => {
        outside = listenToAssertions(this.#observer);
        if (watches) outsider = watchEscapes(listener);
      },
      leave: () => {
        if (watches) watchEscapes(outsider);
        listenToAssertions(outside);
      },
      ...(this.#plan.invariants.length > 0 && {
        afterEvent: () => this.#invariants.check(),
      }),
    });
  }

  #makeEscapeLog(): EscapeLog {
    const { seed, escapes, allowEscape } = this.#options;
    const isFailure = escapes === "error";
    return new EscapeLog({
      ...{ seed, allow: allowEscape },
      who: () => this.#whoRuns(),
      onNew: (escape, stack) => {
        if (isFailure)
          this.#failures.add("escape", describeEscape(escape), { stack });
      },
    });
  }

  /** Whether it is a workload that runs now. */
  #isClient(): boolean {
    const { ip } = this.#world.current;
    return this.#cast.topology.workloads.some((member) => member.ip === ip);
  }

  #whoRuns(): string {
    const { ip, name } = this.#world.current;
    const member = this.#cast.topology.memberAt(ip);
    return member === undefined ? name : `${member.name} (${name})`;
  }

  #crashed(crash: Crash): void {
    const name = this.#cast.topology.memberAt(crash.ip)?.name ?? crash.ip;
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
      draws: world.draws,
      faults: world.faults.counts,
      observations: this.#observer.observations.all,
      invariants: this.#invariants.results,
      checked: this.#observer.evaluations,
      hasCheck: this.#cast.workloads.some(
        ({ workload }) => workload.check !== undefined,
      ),
      failures: this.#failures.all,
      struck: this.#failures.struck,
      ghostCalls: world.ghostCalls,
      leftovers: this.#story.leftovers,
      escapes: this.#escapes.all,

      chaos: {
        ...this.#chaos,
        attacks: this.#stage.attackers,
        knobs: this.#knobs.turned,
        operations: this.#alphabets.drawn,
      },
      recent: this.#failures.said,
    };
  }
}
