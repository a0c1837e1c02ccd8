/** What the table of defects is made of: a claim, a check of it that needs no test runner, and a mutant that it kills. */

/** The assertions that a check makes: AVA's, as far as they are needed. */
export interface Claims {
  true(value: boolean, message?: string): unknown;
  false(value: boolean, message?: string): unknown;
  is(actual: unknown, expected: unknown, message?: string): unknown;
  deepEqual(actual: unknown, expected: unknown, message?: string): unknown;
}

/** A line of our own code, as it is compiled, and what brings the defect back. */
export interface Mutant {
  /** Below `src/`, without its extension: `sim/network/link`. */
  readonly file: string;
  /** Occurs exactly once there. */
  readonly from: string;
  readonly to: string;
  /** Another line that must change with it. */
  readonly also?: Mutant;
}

/** A defect of the simulator that this one follows, turned into something that holds here. */
export interface Defect {
  /** In the words of its effect: the title of the test. */
  readonly holds: string;
  /** Where the references list it: `simulator 4` is §21 number 4 of theirs, `network 8` is §12.1 number 8, `storage 8` is §12.2 number 8, `transport 8` is §12.3 number 8. Empty for what none of them has. */
  readonly numbers: readonly string[];
  readonly check: (t: Claims) => Promise<void>;
  /** Each brings back a part of the defect. */
  readonly mutants: readonly Mutant[];
}

/** How the child that makes a check says that it did not hold; any other failure is a mistake of the mutant. */
export const failedExitCode = 3;
