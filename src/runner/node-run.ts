/** One run on real providers, from boot to stop. */
import { listenToAssertions } from "../assertions/index.ts";
import { onAbort } from "../core/index.ts";
import { drawSeed, hostNowMs, watchStrayErrors } from "../node/index.ts";
import { SimulationError } from "../sim/index.ts";
import { describeError } from "./failure.ts";
import { assembleNode, type NodeEnsemble } from "./node-ensemble.ts";
import type { NodeMember } from "./node-member.ts";
import {
  limitsOf,
  type NodeLimits,
  type NodeRunnerOptions,
} from "./node-options.ts";
import { Knobs } from "./knobs.ts";
import {
  nodeReport,
  type NodeReport,
  type NodeViolation,
} from "./node-report.ts";
import { SeedObserver, unobservedCheck } from "./observations.ts";
import type { CurrentPhase } from "./phase.ts";
import type { Plan } from "./plan.ts";
import { endStarted, type Started } from "./program.ts";

/**
 * Invariants
 * 1. Every wait has a limit, and all but the last one end when the signal fires.
 * 2. Whoever has failed takes no further part; the others go on.
 * 3. Whatever happens, everybody is asked to stop, and listeners are put back.
 */
export class NodeRun {
  readonly #plan: Plan;
  readonly #signal: AbortSignal | undefined;
  readonly #limits: Readonly<NodeLimits>;
  readonly #seed: number;
  readonly #startMs = hostNowMs();
  readonly #phase: CurrentPhase = { name: "setup" };
  readonly #ensemble: NodeEnsemble;
  readonly #started = new Map<NodeMember, Started>();
  readonly #violations: NodeViolation[] = [];
  readonly #stray: string[] = [];
  readonly #observer: SeedObserver;
  #checked = 0;

  constructor(plan: Plan, options: NodeRunnerOptions) {
    this.#plan = plan;
    this.#signal = options.signal;
    this.#limits = limitsOf(plan, options);
    const seed = options.seed ?? drawSeed();
    this.#seed = seed;
    this.#observer = quietObserver(this.#violations);
    const nowMs = (): number => this.#wallMs;
    this.#ensemble = assembleNode({
      ...{ plan, options, seed, phase: this.#phase, nowMs },
    });
  }

  async play(): Promise<NodeReport> {
    listenAlone(this.#observer);
    const unwatch = watchStrayErrors(
      (error) => void this.#stray.push(describeError(error)),
    );
    try {
      await this.#story();
    } finally {
      unwatch();
      listenToAssertions(undefined);
    }
    return this.#report();
  }

  get #wallMs(): number {
    return hostNowMs() - this.#startMs;
  }

  get #aborted(): boolean {
    return this.#signal?.aborted === true;
  }

  async #story(): Promise<void> {
    const { setupMs, runMs, finishMs, checkMs } = this.#limits;
    await this.#boot();
    await this.#finish(this.#begin("setup"), setupMs);
    this.#phase.name = "chaos";
    const working = this.#begin("run");
    await this.#within(runMs, working, this.#signal);
    this.#phase.name = "recovery";
    await this.#finish(working, finishMs);
    this.#phase.name = "check";
    const before = this.#observer.evaluations;
    await this.#finish(this.#begin("check"), checkMs);
    this.#checked = this.#observer.evaluations - before;
    this.#phase.name = "stop";
    await this.#stop();
  }

  /** A process whose `start` goes on for as long as it lives is as good as booted. */
  async #boot(): Promise<void> {
    const { processes } = this.#ensemble;
    const starting = processes.map(({ what, member }) =>
      member.perform("boot", async () => {
        this.#started.set(member, await what.start(member.ctx));
      }),
    );
    const { bootMs } = this.#limits;
    await this.#within(bootMs, Promise.all(starting), this.#signal);
    for (const { member } of processes) member.letGoOn();
  }

  /** Let every workload that has not failed do a part. */
  #begin(part: "setup" | "run" | "check"): Promise<unknown> {
    const able = this.#aborted
      ? []
      : this.#ensemble.workloads.filter(({ member }) => !member.failed);
    return Promise.all(
      able.map(({ what, member }) =>
        member.perform(part, async () => what[part]?.(member.ctx)),
      ),
    );
  }

  /** Wait for everybody's part to end; who has not ended by then has failed. */
  async #finish(work: Promise<unknown>, ms: number): Promise<void> {
    await this.#within(ms, work, this.#signal);
    const why = this.#aborted
      ? "was interrupted"
      : `has not finished within ${ms} ms`;
    for (const { member } of this.#ensemble.workloads) member.giveUp(why);
  }

  async #stop(): Promise<void> {
    const { processes, workloads } = this.#ensemble;
    const { stopMs } = this.#limits;
    for (const { member } of workloads) member.stop();
    const stopping = processes.map(({ member }) =>
      member.perform("stop", async () => {
        member.stop();
        await endStarted(this.#started.get(member));
      }),
    );
    await this.#within(stopMs, Promise.all(stopping), undefined);
    for (const { member } of processes)
      member.giveUp(`has not stopped within ${stopMs} ms`);
    for (const { member } of [...processes, ...workloads]) member.leave();
  }

  /** Wait for work, for so long at most, and until the signal fires. */
  #within(
    ms: number,
    work: Promise<unknown>,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const { processes, workloads } = this.#ensemble;
    const time = [...processes, ...workloads][0]?.member.ctx.time;
    if (time === undefined || signal?.aborted === true)
      return Promise.resolve();
    return new Promise((resolve) => {
      const end = (): void => {
        timer.cancel();
        unsubscribe();
        resolve();
      };
      const timer = time.schedule(ms, end);
      const unsubscribe = onAbort(signal, end);
      work.then(end, end);
    });
  }

  #report(): NodeReport {
    const { processes, workloads } = this.#ensemble;
    return nodeReport({
      ...{ name: this.#plan.name, seed: this.#seed, wallMs: this.#wallMs },
      results: [...processes, ...workloads].map(({ member }) => member.result),
      observations: this.#observer.observations.all,
      ...{ violations: this.#violations, stray: this.#stray },
      ...{ problems: this.#problems(), aborted: this.#aborted },
    });
  }

  #problems(): string[] {
    const { workloads } = this.#ensemble;
    if (workloads.length === 0)
      return ["there is no workload, so nothing was tried"];
    const hasCheck = workloads.some(({ what }) => what.check !== undefined);
    const failed = workloads.some(({ member }) => member.failed);
    const wasted = hasCheck && this.#checked === 0 && !failed;
    return wasted && !this.#aborted ? [unobservedCheck] : [];
  }
}

/** Nothing is broken on purpose here, so sites of `buggify` are quiet. */
function quietObserver(violations: NodeViolation[]): SeedObserver {
  const noChance = (): never => {
    throw new Error("chance breaks nothing on real providers");
  };
  return new SeedObserver({
    stream: noChance,
    knobs: new Knobs(noChance, () => false),
    onViolation: (message, details) =>
      void violations.push({ message, details }),
    claims: () => false,
    onStrike: () => undefined,
    mayStrike: () => false,
    // On a real machine nobody knows in whose name code runs.
    checks: () => true,
  });
}

/** There is one listener to a thread: a second run would hear the assertions of the first. */
function listenAlone(observer: SeedObserver): void {
  const outside = listenToAssertions(observer);
  if (outside === undefined) return;
  listenToAssertions(outside);
  throw new SimulationError(
    "nested",
    "a node runner cannot run beside another run on this thread: await that one first",
    {},
  );
}
