/** What the assertions of a run have seen so far. */
import type {
  AssertionDetails,
  AssertionKind,
  AssertionListener,
  KnobRange,
} from "../assertions/index.ts";
import type { RandomProvider } from "../core/index.ts";
import type { Knobs } from "./knobs.ts";

/** One assertion, known by kind and message, over everything that was observed. */
export interface Observation {
  readonly kind: AssertionKind;
  readonly message: string;
  /** How often it was evaluated and held. */
  passes: number;
  /** How often it was evaluated and did not hold. For `unreachable`: how often it was reached. */
  fails: number;
}

/** Whether an assertion of this kind breaks the run when it does not hold. */
export function mustAlwaysHold(kind: AssertionKind): boolean {
  return kind !== "sometimes" && kind !== "reachable";
}

/** What is wrong with a run whose checks saw nothing: it could not have failed. */
export const unobservedCheck: string =
  "no check observed anything: let check() make at least one assertAlways";

/** A sum of observations that keeps the order of first appearance. */
export class Observations {
  readonly #byKey = new Map<string, Observation>();

  get all(): Observation[] {
    return [...this.#byKey.values()];
  }

  add({ kind, message, passes, fails }: Readonly<Observation>): void {
    const key = `${kind} ${message}`;
    let observation = this.#byKey.get(key);
    if (observation === undefined) {
      observation = { kind, message, passes: 0, fails: 0 };
      this.#byKey.set(key, observation);
    }
    observation.passes += passes;
    observation.fails += fails;
  }

  merge(others: readonly Observation[]): void {
    for (const other of others) this.add(other);
  }
}

/** The chance that a `buggify` site is active in a seed at all. */
const activationProbability = 0.5;

/** A place at which `buggify` may strike, in one seed. */
interface Site {
  readonly random: RandomProvider;
  readonly active: boolean;
}

export interface ObserverParts {
  /** The seed's random stream of a name. */
  readonly stream: (name: string) => RandomProvider;
  readonly onViolation: (
    message: string,
    details: AssertionDetails | undefined,
  ) => void;
  /** Whether somebody else answers for what must always hold: then it is neither counted nor reported here. */
  readonly claims: (
    holds: boolean,
    message: string,
    details: AssertionDetails | undefined,
  ) => boolean;
  /** Decides about `buggifyKnob`. */
  readonly knobs: Knobs;
  /** Whether a check is running at present, and not something in the background of one. */
  readonly checks: () => boolean;
  readonly onStrike: (site: string) => void;
  /** Whether sites may strike at present. */
  readonly mayStrike: () => boolean;
}

/** Listens to the assertions and `buggify` sites of one seed. */
export class SeedObserver implements AssertionListener {
  readonly observations: Observations = new Observations();
  readonly #parts: ObserverParts;
  readonly #sites = new Map<string, Site>();
  #evaluations = 0;

  constructor(parts: ObserverParts) {
    this.#parts = parts;
  }

  /** How many assertions that must always hold were evaluated while `checks` said so. */
  get evaluations(): number {
    return this.#evaluations;
  }

  observe(
    kind: AssertionKind,
    message: string,
    holds: boolean,
    details: AssertionDetails | undefined,
  ): void {
    this.observations.add({
      kind,
      message,
      passes: holds ? 1 : 0,
      fails: holds ? 0 : 1,
    });
    if (!mustAlwaysHold(kind)) return;
    if (this.#parts.claims(holds, message, details)) return;
    if (this.#parts.checks()) this.#evaluations += 1;
    if (!holds) this.#parts.onViolation(message, details);
  }

  buggify(site: string, probability: number): boolean {
    if (!this.#parts.mayStrike()) return false;
    const { random, active } = this.#sites.get(site) ?? this.#meet(site);
    const strikes = active && random.bool(probability);
    if (strikes) this.#parts.onStrike(site);
    return strikes;
  }

  knob(name: string, range: KnobRange): number | undefined {
    return this.#parts.knobs.turn(name, range);
  }

  /** Throw the first coin. Each site has a stream of its own, so that a new one changes nothing about the others. */
  #meet(name: string): Site {
    const random = this.#parts.stream(`buggify ${name}`);
    const site = { random, active: random.bool(activationProbability) };
    this.#sites.set(name, site);
    return site;
  }
}
