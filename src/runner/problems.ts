/** What is wrong with a run as a whole: something that had to happen, and never did. */
import type { InvariantResult } from "./invariant.ts";
import {
  mustAlwaysHold,
  unobservedCheck,
  type Observation,
} from "./observations.ts";
import type { Plan } from "./plan.ts";

/** What all seeds of a run came to. */
export interface RunOutcome {
  readonly plan: Pick<
    Plan,
    "requiredFaults" | "requireSometimes" | "withoutChecks"
  >;
  /** Seeds that did not fail. */
  readonly healthyCount: number;
  /** How many assertions that must always hold were evaluated inside `check`. */
  readonly checked: number;
  /** Whether any workload has a `check` at all. */
  readonly hasCheck: boolean;
  /** How often each kind of fault struck. */
  readonly faults: ReadonlyMap<string, number>;
  readonly observations: readonly Observation[];
  readonly invariants: readonly InvariantResult[];
}

/** One line for each problem, with what to do about it. */
export function problemsOf(outcome: RunOutcome): string[] {
  return [
    ...blindness(outcome),
    ...outcome.invariants.filter(isBlind).map(blindInvariant),
    ...outcome.plan.requiredFaults
      .filter((kind) => (outcome.faults.get(kind) ?? 0) === 0)
      .map((kind) => `no ${kind} happened in any seed`),
    ...(outcome.plan.requireSometimes
      ? outcome.observations
          .filter(neverHeld)
          .map(({ message }) => `never: ${message}`)
      : []),
  ];
}

/** A run that saw nothing could not have failed. One in which every seed failed has shown that it can. */
function blindness(outcome: RunOutcome): string[] {
  if (outcome.healthyCount === 0) return [];
  if (outcome.hasCheck) return outcome.checked === 0 ? [unobservedCheck] : [];
  const { withoutChecks, requireSometimes } = outcome.plan;
  const counts = ({ kind }: Observation): boolean =>
    mustAlwaysHold(kind) || requireSometimes;
  const sees =
    outcome.invariants.length > 0 || outcome.observations.some(counts);
  return sees || withoutChecks ? [] : [unobservedRun];
}

/** What is wrong with a run that consists of work alone. */
const unobservedRun: string =
  "nothing was observed: give a workload a check() with an assertAlways, or add an invariant; " +
  "withoutChecks() says that this run shall only find crashes, throws and hangs";

function isBlind({ observed }: InvariantResult): boolean {
  return observed === 0;
}

function blindInvariant({ name, checks }: InvariantResult): string {
  return `invariant "${name}" observed nothing in ${checks} checks: let it read entries or state, or say view.observed()`;
}

function neverHeld({ kind, passes }: Observation): boolean {
  return !mustAlwaysHold(kind) && passes === 0;
}
