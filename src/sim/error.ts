/** What goes wrong with a simulation itself, as opposed to the program inside it. */
import { CodedError } from "../core/index.ts";

export interface SimulationErrorDetails {
  /** The world is over: a provider of it was used afterwards. */
  ended: object;
  /** Nothing is left that could ever happen, yet somebody still waits. */
  deadlock: { atMs: number; waiting: string };
  /** A world was asked to run inside a step of a world. */
  nested: object;
  /** A seed must be a safe integer, 0 or more. */
  bad_seed: { seed: unknown };
  /** The text is no recipe. */
  bad_recipe: { text: string; segment: string };
  /** An option has a value that makes no sense. */
  bad_option: { option: string; value: unknown };
  /** The simulated clock reached the limit that the caller set. */
  time_limit: { limitMs: number };
}
export type SimulationErrorCode = keyof SimulationErrorDetails;

/** The simulation could not go on, or could not begin. */
export class SimulationError<
  C extends SimulationErrorCode = SimulationErrorCode,
> extends CodedError<SimulationErrorDetails, C> {
  override readonly name = "SimulationError";
}

export function isSimulationError<C extends SimulationErrorCode>(
  value: unknown,
  code?: C,
): value is SimulationError<C> {
  return (
    value instanceof SimulationError &&
    (code === undefined || value.code === code)
  );
}

/** Refuse options that do not exist: a misspelt one would silently do nothing. */
export function checkOptionNames(
  what: string,
  given: object,
  known: readonly string[],
): void {
  const option = Object.keys(given).find((name) => !known.includes(name));
  if (option === undefined) return;
  const message = `${what} has no option "${option}": it has ${known.join(", ")}`;
  throw new SimulationError("bad_option", message, {
    option,
    value: (given as Record<string, unknown>)[option],
  });
}

/** Refuse anything that could not be printed, pasted and read back as the same seed. */
export function checkSeed(seed: unknown): number {
  if (typeof seed === "number" && Number.isSafeInteger(seed) && seed >= 0)
    return seed;
  throw new SimulationError(
    "bad_seed",
    `a seed is a whole number from 0 to ${Number.MAX_SAFE_INTEGER}, not ${String(seed)}`,
    {
      seed,
    },
  );
}

/** Nothing is left to happen; `others` is what those wait for who are known to. */
export function deadlock(
  atMs: number,
  waiting: string,
  others: string,
): SimulationError<"deadlock"> {
  const message = `nothing is left to happen at ${atMs} ms, but ${waiting} has not finished${others}`;
  return new SimulationError("deadlock", message, { atMs, waiting });
}
