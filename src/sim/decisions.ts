/** Every draw as a decision: kept, and made again as it was, or otherwise. */
import { bytesOfHex, hexOfBytes } from "../base/hex.ts";
import { SimulationError } from "./error.ts";

/** What was asked of chance. */
export type DecisionKind =
  "uint32" | "ratio" | "below" | "range" | "bool" | "pick" | "bytes";

/** One draw. Its stream and its site name it, however many draws of other streams come or go. */
export interface Decision {
  /** The stream that was drawn from: `link 10.0.1.1>10.0.1.2`, `buggify slow disk`. */
  readonly stream: string;
  /** Which draw of its stream it is, from 0. */
  readonly site: number;
  readonly kind: DecisionKind;
  /**
   * From–to, the latter excluded: the values that it could have had. For `pick` the places in the list, for `bool` 0 and
   * 1, for `bytes` how many there are, twice.
   */
  readonly range: readonly [from: number, to: number];
  /** What it was: a number, or for `bytes` their hexadecimal digits. */
  readonly value: number | string;
}

/** A draw that is about to be decided. */
export interface Draw {
  readonly stream: string;
  readonly kind: DecisionKind;
  readonly range: readonly [from: number, to: number];
  /** What the seed would have it be. */
  readonly drawn: number;
}

export interface DecisionOptions {
  /** Whether to keep what is decided. */
  readonly record: boolean;
  /** Decided beforehand. What is missing, or makes no sense any more, is left to the seed. */
  readonly given: readonly Decision[];
}

/** The decisions of one world. There is none while nobody records and nothing is given, and then a draw costs nothing. */
export class DecisionLog {
  readonly #record: boolean;
  readonly #given = new Map<string, Decision>();
  readonly #sites = new Map<string, number>();
  readonly #made: Decision[] = [];

  constructor({ record, given }: DecisionOptions) {
    this.#record = record;
    for (const decision of given) {
      checkDecision(decision);
      this.#given.set(keyOf(decision.stream, decision.site), decision);
    }
  }

  /** Everything that was decided so far, in order. */
  get made(): readonly Decision[] {
    return this.#made;
  }

  /** What a number is to be. */
  number({ stream, kind, range, drawn }: Draw): number {
    const site = this.#nextSite(stream);
    const wish = this.#given.get(keyOf(stream, site))?.value;
    const value =
      typeof wish === "number" && fits(wish, kind, range) ? wish : drawn;
    if (this.#record) this.#made.push({ stream, site, kind, range, value });
    return value;
  }

  /** What bytes are to be: written over those that were drawn. */
  bytes(stream: string, drawn: Uint8Array): void {
    const site = this.#nextSite(stream);
    const wish = this.#given.get(keyOf(stream, site))?.value;
    const bytes = typeof wish === "string" ? bytesOfHex(wish) : undefined;
    if (bytes?.length === drawn.length) drawn.set(bytes);
    if (!this.#record) return;
    const range = [drawn.length, drawn.length] as const;
    const value = hexOfBytes(drawn);
    this.#made.push({ stream, site, kind: "bytes", range, value });
  }

  #nextSite(stream: string): number {
    const site = this.#sites.get(stream) ?? 0;
    this.#sites.set(stream, site + 1);
    return site;
  }
}

/** The log of a world with these options; `undefined` when it is to have none. */
export function decisionLogOf(options: {
  readonly recordDecisions?: boolean;
  readonly decisions?: readonly Decision[];
}): DecisionLog | undefined {
  const { recordDecisions: record = false, decisions: given = [] } = options;
  if (!record && given.length === 0) return undefined;
  return new DecisionLog({ record, given });
}

/** A decision of another run may be about something else by now: then chance decides. */
function fits(
  value: number,
  kind: DecisionKind,
  [from, to]: readonly [from: number, to: number],
): boolean {
  if (!(value >= from && value < to)) return false;
  return kind === "ratio" || Number.isSafeInteger(value);
}

function keyOf(stream: string, site: number): string {
  return `${site} ${stream}`;
}

function checkDecision(decision: Decision): void {
  const { stream, site, value } = decision;
  const makesSense =
    typeof stream === "string" &&
    Number.isSafeInteger(site) &&
    site >= 0 &&
    (typeof value === "number" || typeof value === "string");
  if (makesSense) return;
  const message = `${JSON.stringify(decision)} is no decision: it needs a stream, a site from 0 on and a value`;
  throw new SimulationError("bad_option", message, {
    option: "decisions",
    value: decision,
  });
}
