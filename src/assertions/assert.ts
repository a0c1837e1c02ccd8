/**
 * Properties of the program under test, stated where they matter. None of these ever throws: a failure is recorded,
 * fails the run, and the program goes on, as it would in production.
 *
 * An assertion is known by its message, so the message is a constant text; what varies goes into the details.
 */
import { assertionListener, type AssertionDetails } from "./table.ts";

/** Holds every time it is evaluated, and is evaluated at least once in a run. */
export function assertAlways(
  condition: boolean,
  message: string,
  details?: AssertionDetails,
): void {
  assertionListener()?.observe("always", message, condition, details);
}

/** Holds every time it is evaluated; it may never be. */
export function assertAlwaysOrUnreachable(
  condition: boolean,
  message: string,
  details?: AssertionDetails,
): void {
  assertionListener()?.observe(
    "always_or_unreachable",
    message,
    condition,
    details,
  );
}

/** Holds at least once in a run: proof that the run went where it should. */
export function assertSometimes(
  condition: boolean,
  message: string,
  details?: AssertionDetails,
): void {
  assertionListener()?.observe("sometimes", message, condition, details);
}

/** This line runs at least once in a run. */
export function assertReachable(
  message: string,
  details?: AssertionDetails,
): void {
  assertionListener()?.observe("reachable", message, true, details);
}

/** This line never runs. */
export function assertUnreachable(
  message: string,
  details?: AssertionDetails,
): void {
  assertionListener()?.observe("unreachable", message, false, details);
}
