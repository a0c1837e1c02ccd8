/** What a run on real providers came to: results by name, plain data, to be printed or compared. */
import type { AssertionDetails } from "../assertions/index.ts";
import type { Observation } from "./observations.ts";

/** Which part of a run. */
export type NodePart = "boot" | "setup" | "run" | "check" | "stop";

/** Something that went wrong with one member. */
export interface NodeFailure {
  readonly part: NodePart;
  /** One line. */
  readonly message: string;
  /** For errors, where they came from. */
  readonly stack: string | undefined;
}

/** What became of one process or workload. */
export interface NodeResult {
  /** As everybody knows it: `bank-1`, `transfers`. */
  readonly name: string;
  readonly role: "server" | "client";
  /** In order of time; none for a success. */
  readonly failures: readonly NodeFailure[];
  /** How long it took, from the boot of a process, or the setup of a workload, to its end. */
  readonly wallMs: number;
}

/** An assertion that must always hold, and did not. */
export interface NodeViolation {
  readonly message: string;
  readonly details: AssertionDetails | undefined;
}

export interface NodeReport {
  /** The simulation's. */
  readonly name: string;
  /** What decided how many there were of each. */
  readonly seed: number;
  /** Processes first, then workloads. */
  readonly results: readonly NodeResult[];
  /** Members that nothing went wrong with. */
  readonly successes: number;
  readonly failures: number;
  /** Successes of all members, in percent; 0 when there were none. */
  readonly successRate: number;
  readonly wallMs: number;
  readonly observations: readonly Observation[];
  readonly violations: readonly NodeViolation[];
  /** Errors that nobody caught: in tasks, mostly. Nobody can say whose they are. */
  readonly stray: readonly string[];
  /** What is wrong with the run as a whole. */
  readonly problems: readonly string[];
  /** Whether its signal ended it early. */
  readonly aborted: boolean;
  /** Nothing of all that went wrong, and it was not aborted. */
  readonly success: boolean;
}

/** All that is known when a run is over. */
export type NodeOutcome = Omit<
  NodeReport,
  "successes" | "failures" | "successRate" | "success"
>;

/** Count, and judge. */
export function nodeReport(outcome: NodeOutcome): NodeReport {
  const { results, violations, stray, problems, aborted } = outcome;
  const failed = results.filter(({ failures }) => failures.length > 0);
  const successes = results.length - failed.length;
  const wrong =
    failed.length + violations.length + stray.length + problems.length;
  return {
    ...outcome,
    successes,
    failures: failed.length,
    successRate: results.length === 0 ? 0 : (successes / results.length) * 100,
    success: wrong === 0 && !aborted,
  };
}
