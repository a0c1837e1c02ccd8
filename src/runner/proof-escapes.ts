/** Looks at the machine from inside simulated worlds: found, counted by place, and judged. */
import {
  formatCallSite,
  installEscapeDetector,
  locate,
  type Ambient,
  type CallSite,
  type EscapeKind,
} from "../node/index.ts";
import { SimulationError } from "../sim/index.ts";

/**
 * What becomes of a use of the machine inside a step:
 * - `error`: it fails the seed, as a failure of kind `escape`.
 * - `warn`: it is told in the report.
 * - `off`: nobody looks, and nothing of the machine is replaced.
 */
export type EscapeMode = "error" | "warn" | "off";

export const escapeModes: readonly EscapeMode[] = ["error", "warn", "off"];

/** One place in the code that used the machine, over all seeds. */
export interface Escape {
  readonly kind: EscapeKind;
  /** What was used: `Date.now`, `fs.readFileSync`. */
  readonly what: string;
  /** Where; `undefined` when nobody's code was running but Node's and Wavetank's, or when it was too often to look. */
  readonly site: CallSite | undefined;
  /** The first who did: `bank-1 (10.0.1.2, life 3)`. */
  readonly who: string;
  /** The first seed in which it happened. */
  readonly seed: number;
  /** How often, over all seeds. */
  count: number;
}

/** Whether a use of the machine is all right. */
export type AllowEscape = (escape: Readonly<Escape>) => boolean;

/** A sum of escapes, each place once, in order of first appearance. */
export class Escapes {
  readonly #byPlace = new Map<string, Escape>();

  get all(): Escape[] {
    return [...this.#byPlace.values()];
  }

  /** Whether this place is new. */
  add(escape: Readonly<Escape>): boolean {
    const { what, site } = escape;
    const place = `${what} ${site === undefined ? "" : formatCallSite(site)}`;
    const known = this.#byPlace.get(place);
    if (known === undefined) this.#byPlace.set(place, { ...escape });
    else known.count += escape.count;
    return known === undefined;
  }

  merge(others: readonly Escape[]): void {
    for (const other of others) this.add(other);
  }
}

export interface EscapeLogParts {
  readonly seed: number;
  /** Who is running. */
  readonly who: () => string;
  readonly allow: AllowEscape;
  /** Told of the first use in each place. */
  readonly onNew: (escape: Escape, stack: string) => void;
}

/** A look at the stack takes microseconds. Whoever uses one thing more often than this in a seed is known by then. */
const locatedMax = 1_000;

/** The escapes of one seed. */
export class EscapeLog {
  readonly #parts: EscapeLogParts;
  readonly #escapes = new Escapes();
  readonly #uses = new Map<string, number>();

  constructor(parts: EscapeLogParts) {
    this.#parts = parts;
  }

  get all(): readonly Escape[] {
    return this.#escapes.all;
  }

  /** Somebody is using this right now. */
  use({ kind, what }: Ambient): void {
    const uses = (this.#uses.get(what) ?? 0) + 1;
    this.#uses.set(what, uses);
    const located =
      uses > locatedMax ? ({ kind: "inside", stack: "" } as const) : locate();
    if (located.kind === "excused") return;
    const { seed, who, allow, onNew } = this.#parts;
    const site = located.kind === "at" ? located.site : undefined;
    const escape: Escape = { kind, what, site, who: who(), seed, count: 1 };
    if (allow(escape)) return;
    if (this.#escapes.add(escape)) onNew(escape, located.stack);
  }
}

/** `Date.now at /app/bank.js:12:7, by bank-1 (10.0.1.2)` */
export function describeEscape({ what, site, who }: Readonly<Escape>): string {
  const where =
    site === undefined ? "in a callback of Node" : `at ${formatCallSite(site)}`;
  return `${what} ${where}, by ${who}`;
}

/** What to do instead. */
export const escapeRemedies: Readonly<Record<EscapeKind, string>> =
  Object.freeze({
    clock: "take the time from ctx.time",
    chance: "draw from ctx.random",
    timer: "wait with ctx.time",
    disk: "use ctx.storage, or read it before the run",
    network: "use ctx.network",
    process: "make it a process of the simulation",
    pool: "it completes in any order: use the Sync form",
    host: "it differs between machines: pass it in",
    collector: "it depends on the garbage collector",
  });

/** Have the detector on for as long as `work` takes, if anybody wants to know. */
export async function withEscapeDetector<T>(
  mode: EscapeMode,
  work: () => Promise<T>,
): Promise<T> {
  if (!escapeModes.includes(mode)) throw badMode(mode);
  if (mode === "off") return work();
  const remove = installEscapeDetector();
  try {
    return await work();
  } finally {
    remove();
  }
}

function badMode(value: unknown): SimulationError {
  const message = `escapes cannot be ${JSON.stringify(value)}: ${escapeModes.join(", ")} are`;
  return new SimulationError("bad_option", message, {
    option: "escapes",
    value,
  });
}
