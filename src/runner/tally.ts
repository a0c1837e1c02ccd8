/** Adds up seeds into a report, and judges the whole. */
import type { Breakpoint } from "../sim/index.ts";
import type { Iterations } from "./iterations.ts";
import { InvariantTally } from "./invariant-tally.ts";
import type { SimulationMetrics } from "./metrics.ts";
import { Observations } from "./observations.ts";
import type { Plan } from "./plan.ts";
import { problemsOf } from "./problems.ts";
import type { AloneReport } from "./proof-alone.ts";
import { Escapes } from "./proof-escapes.ts";
import type {
  FailedSeed,
  RunEnd,
  SimulationReport,
  SlowSeed,
} from "./report.ts";
import type { SeedResult } from "./seed-result.ts";
import { LeftBehindTally } from "./settle.ts";

export class Tally {
  readonly #plan: Plan;
  readonly #iterations: Pick<Iterations, "base" | "total">;
  readonly #fingerprints = new Map<number, string>();
  readonly #failed: FailedSeed[] = [];
  readonly #metrics = new Map<number, SimulationMetrics>();
  readonly #faults = new Map<string, number>();
  readonly #observations = new Observations();
  readonly #leftBehind = new LeftBehindTally();
  readonly #slowSeeds: SlowSeed[] = [];
  #done = 0;
  readonly #invariants = new InvariantTally();
  #simulatedMs = 0;
  #events = 0;
  #checked = 0;
  #hasCheck = false;
  #ghostCalls = 0;
  #runAgain = 0;
  /** What became of the seeds that were run alone, if any were. */
  alone: AloneReport | undefined;
  readonly #escapes = new Escapes();

  constructor(plan: Plan, iterations: Pick<Iterations, "base" | "total">) {
    this.#plan = plan;
    this.#iterations = iterations;
  }

  /** Seeds that were added. */
  get done(): number {
    return this.#done;
  }

  /** The seeds that have not failed, each with its fingerprint. */
  get healthy(): (readonly [seed: number, fingerprint: string])[] {
    const failed = new Set(this.#failed.map(({ seed }) => seed));
    return [...this.#fingerprints].filter(([seed]) => !failed.has(seed));
  }

  get failedCount(): number {
    return this.#failed.length;
  }

  /** @param wallMs what it took by the host's clock */
  add(result: SeedResult, wallMs: number): void {
    const { seed } = result;
    this.#done += 1;
    if (wallMs > this.#plan.seedWarningMs)
      this.#slowSeeds.push({ seed, wallMs });
    this.#fingerprints.set(result.seed, result.fingerprint);
    this.#simulatedMs += result.simulatedMs;
    this.#events += result.events;
    this.#checked += result.checked;
    this.#hasCheck ||= result.hasCheck;
    this.#ghostCalls += result.ghostCalls;
    this.#leftBehind.add(seed, result.leftovers);
    this.#escapes.merge(result.escapes);
    this.#observations.merge(result.observations);
    this.#invariants.add(result.invariants);
    let faults = 0;
    for (const [kind, count] of result.faults) {
      faults += count;
      this.#faults.set(kind, (this.#faults.get(kind) ?? 0) + count);
    }
    const { simulatedMs, events, draws } = result;
    this.#metrics.set(seed, { wallMs, simulatedMs, events, draws, faults });
  }

  /** A seed was run again. It has failed if there is anything wrong with it, or with the two runs together. */
  runAgain(result: SeedResult, recipe: readonly Breakpoint[]): void {
    this.#runAgain += 1;
    this.#leftBehind.trace(result.seed, result.leftovers);
    if (result.failures.length > 0) this.fail(result, recipe);
  }

  fail(result: SeedResult, recipe: readonly Breakpoint[]): void {
    const { seed, failures, struck, fingerprint, chaos, recent } = result;
    this.#failed.push({
      ...{ seed, recipe, failures, struck, divergence: result.divergence },
      ...{ fingerprint, chaos, recent },
    });
  }

  /** While seeds are still to come it is too early to say that something never happened. */
  report(wallMs: number, ended: RunEnd = "running"): SimulationReport {
    const whole = ended === "finished" || ended === "time_limit";
    const problems = whole
      ? problemsOf({
          ...{ plan: this.#plan, hasCheck: this.#hasCheck },
          ...{ checked: this.#checked, faults: this.#faults },
          healthyCount: this.#done - this.#failed.length,
          observations: this.#observations.all,
          invariants: this.#invariants.all,
        })
      : [];
    const { base, total } = this.#iterations;
    return {
      name: this.#plan.name,
      ...{ base, total, ended },
      fingerprints: this.#fingerprints,
      failed: this.#failed,
      problems,
      simulatedMs: this.#simulatedMs,
      events: this.#events,
      wallMs,
      metrics: this.#metrics,
      faults: this.#faults,
      observations: this.#observations.all,
      invariants: this.#invariants.all,
      ghostCalls: this.#ghostCalls,
      slowSeeds: this.#slowSeeds,
      leftBehind: this.#leftBehind.all,
      escapes: this.#escapes.all,
      ...{ runAgain: this.#runAgain, alone: this.alone },
      success: this.#failed.length === 0 && problems.length === 0,
    };
  }
}
