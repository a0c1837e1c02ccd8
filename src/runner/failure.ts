/** What broke in one seed, and where. */
import { thrownText } from "../base/shown.ts";
import type { AssertionDetails } from "../assertions/index.ts";
import type { Waiting } from "./waiting.ts";

/**
 * - `assertion`: a property that must always hold did not.
 * - `invariant`: a property that was looked at after every event did not hold.
 * - `workload`: `setup`, `run` or `check` threw.
 * - `crash`: something was thrown in a process and nobody caught it.
 * - `injector`: a fault injector threw.
 * - `stuck`: somebody did not finish although everything was healed.
 * - `escape`: simulated code used the machine's own clock, entropy, files or sockets (`RunOptions.escapes`).
 * - `leak`: somebody who was asked to stop still held something, where `settle` forbids it.
 * - `nondeterminism`: the same seed took another course when it was run again.
 */
export type FailureKind =
  | "assertion"
  | "invariant"
  | "workload"
  | "crash"
  | "injector"
  | "stuck"
  | "leak"
  | "escape"
  | "nondeterminism";

export interface Failure {
  readonly kind: FailureKind;
  /** One line: what broke. */
  readonly message: string;
  /** How often it broke like this in the seed, with the same words. All else is told of the first time. */
  readonly count: number;
  /** Simulated time. */
  readonly atMs: number;
  /** Events that had happened: the same number in every replay. */
  readonly event: number;
  readonly details: AssertionDetails | undefined;
  /** For errors, where they came from. Never compared: it differs between versions. */
  readonly stack: string | undefined;
  /** For `stuck`: who waited for what at that moment, the stuck ones first. */
  readonly waiting?: readonly Waiting[];
}

/** The first line of whatever was thrown. */
export function describeError(error: unknown): string {
  const text =
    error instanceof Error
      ? `${error.name}: ${error.message}`
      : `thrown: ${thrownText(error)}`;
  return text.split("\n", 1)[0] as string;
}
