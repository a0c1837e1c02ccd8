/** Who listens to assertions on this thread. In production nobody does, and an assertion costs one comparison. */

/** What an assertion claims; see the functions of the same names. */
export type AssertionKind =
  | "always"
  | "always_or_unreachable"
  | "sometimes"
  | "reachable"
  | "unreachable";

/** Whatever helps to understand a failure: plain values, printed in the report. */
export type AssertionDetails = Readonly<Record<string, unknown>>;

/** The least and the greatest value of a knob, both included. Whole numbers yield whole numbers. */
export type KnobRange = readonly [from: number, to: number];

/** A laboratory that hears of every assertion, and decides when `buggify` sites strike. */
export interface AssertionListener {
  observe(
    kind: AssertionKind,
    message: string,
    holds: boolean,
    details: AssertionDetails | undefined,
  ): void;
  buggify(site: string, probability: number): boolean;
  /** The value of a knob that is turned; `undefined` for its usual one. */
  knob(name: string, range: KnobRange): number | undefined;
}

let listener: AssertionListener | undefined;

/** Listen from now on. Returns who listened before, to be put back: a world listens only while it steps. */
export function listenToAssertions(
  next: AssertionListener | undefined,
): AssertionListener | undefined {
  const previous = listener;
  listener = next;
  return previous;
}

/** Whoever listens now. */
export function assertionListener(): AssertionListener | undefined {
  return listener;
}
