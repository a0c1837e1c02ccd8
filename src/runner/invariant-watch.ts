/** The invariants of one seed, looked at after every event. */
import type { AssertionDetails } from "../assertions/index.ts";
import type { SimWorld } from "../sim/index.ts";
import type { FailureLog } from "./failure-log.ts";
import type { InvariantFactory, InvariantResult } from "./invariant.ts";
import { Watched } from "./watched-invariant.ts";

export interface InvariantWatchParts {
  readonly world: SimWorld;
  readonly failures: FailureLog;
  readonly invariants: readonly InvariantFactory[];
}

/**
 * Invariants
 * 1. Each is looked at once after every event, in the order in which they were added, until it is violated; never again
 *    in that seed, so that one broken thing is one failure.
 * 2. None of them changes what they look at: whoever draws or schedules is reported as a violation.
 */
export class InvariantWatch {
  readonly #parts: InvariantWatchParts;
  readonly #all: readonly Watched[];
  /** Those that still hold. */
  #holding: readonly Watched[];
  #current: Watched | undefined;

  constructor(parts: InvariantWatchParts) {
    this.#parts = parts;
    this.#all = parts.invariants.map((make) => new Watched(make(), parts));
    this.#holding = this.#all;
  }

  get results(): InvariantResult[] {
    return this.#all.map(({ result }) => result);
  }

  /** Before the first event. */
  begin(): void {
    for (const watched of this.#holding) this.#look(watched, "begin");
    this.#drop();
  }

  /** After each event. */
  check(): void {
    const holding = this.#holding;
    let violated = false;
    for (let index = 0; index < holding.length; index += 1) {
      const watched = holding[index] as Watched;
      this.#look(watched, "check");
      violated ||= watched.violated;
    }
    if (violated) this.#drop();
  }

  /** Whether an invariant makes the assertion that is being evaluated: it answers for it. */
  claims(
    holds: boolean,
    message: string,
    details: AssertionDetails | undefined,
  ): boolean {
    const current = this.#current;
    if (current === undefined) return false;
    current.observed();
    if (!holds) current.violate(message, { details });
    return true;
  }

  #look(watched: Watched, part: "begin" | "check"): void {
    const { world } = this.#parts;
    const { draws, pending } = world;
    this.#current = watched;
    watched.look(part);
    this.#current = undefined;
    if (world.draws !== draws) watched.violate(meddled("drew chance"));
    if (world.pending !== pending) watched.violate(meddled("scheduled"));
  }

  #drop(): void {
    this.#holding = this.#holding.filter(({ violated }) => !violated);
  }
}

function meddled(what: string): string {
  return `an invariant may only look, and this one ${what}: that changes what it looks at`;
}
