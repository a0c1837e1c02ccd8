/** Rules about single segments, and records of what travelled: for tests that care about one message among many. */
import { Queue } from "../../base/queue.ts";
import type { NetworkAddress } from "../../core/index.ts";
import type { Engine } from "../engine.ts";
import { SimulationError } from "../error.ts";
import { isMs } from "./latency.ts";
import { broken, type Segment } from "./segment.ts";

/** Something that is ready to leave, or has arrived. */
export interface TravellingSegment {
  readonly atMs: number;
  readonly from: NetworkAddress;
  readonly to: NetworkAddress;
  /** `end` is the end of a stream, `reset` the news that the sender broke the connection or died. */
  readonly kind: "bytes" | "end" | "reset" | "datagram";
  /** What it says; none for ends and resets. Not to be written to. */
  readonly bytes: Uint8Array;
}

/**
 * What becomes of a segment that is ready to leave. A stream is never torn: what is behind a held or delayed segment
 * waits for it. Held for too long it breaks the connection, as in a partition; a datagram that is held, or reset, is lost.
 */
export type Verdict = "pass" | "hold" | "reset" | { readonly delayMs: number };

/** Asked about each segment. The first rule that does not say `pass` decides. */
export type LinkRule = (segment: TravellingSegment) => Verdict;

/** A rule in force. */
export interface LinkFilter extends Disposable {
  /** Ask the rules again about everything that they hold: for rules that have changed their minds. */
  review(): void;
  /** The rule is gone, and what it held travels on. */
  remove(): void;
}

/** What arrived since the recording began, oldest first: the last ten thousand segments. */
export interface TrafficRecording extends Disposable {
  readonly segments: readonly TravellingSegment[];
  stop(): void;
}

/** Somebody who holds segments because of a rule. */
export interface Reviewed {
  review(): void;
}

const recordedMax = 10_000;
const nothing = new Uint8Array(0);

export class Traffic {
  readonly #engine: Engine;
  readonly #rules = new Set<{ readonly rule: LinkRule }>();
  readonly #recordings = new Set<Queue<TravellingSegment>>();
  /** Those who hold something. */
  readonly holders: Set<Reviewed> = new Set();

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  /** Whether any rule is in force. */
  get filtered(): boolean {
    return this.#rules.size > 0;
  }

  /** Whether anybody wants to know what arrives. */
  get recorded(): boolean {
    return this.#recordings.size > 0;
  }

  filter(rule: LinkRule): LinkFilter {
    const entry = { rule };
    this.#rules.add(entry);
    const review = (): void => this.#review();
    const remove = (): void => {
      if (this.#rules.delete(entry)) this.#review();
    };
    return { review, remove, [Symbol.dispose]: remove };
  }

  record(): TrafficRecording {
    const recorded = new Queue<TravellingSegment>();
    this.#recordings.add(recorded);
    const stop = (): void => void this.#recordings.delete(recorded);
    return {
      get segments(): readonly TravellingSegment[] {
        return [...recorded];
      },
      ...{ stop, [Symbol.dispose]: stop },
    };
  }

  /** No rule is in force any more. */
  calm(): void {
    this.#rules.clear();
    this.#review();
  }

  /** What the rules say about a segment of a stream, or about a datagram. */
  judge(route: Route, segment: Segment, kind?: "datagram"): Verdict {
    const travelling = this.#describe(route, segment, kind);
    for (const { rule } of this.#rules) {
      const verdict = rule(travelling);
      if (verdict !== "pass") return checked(verdict);
    }
    return "pass";
  }

  /** It has arrived. */
  arrived(route: Route, segment: Segment, kind?: "datagram"): void {
    const travelling = this.#describe(route, segment, kind);
    const bytes = new Uint8Array(travelling.bytes);
    for (const recorded of this.#recordings) {
      recorded.push({ ...travelling, bytes });
      if (recorded.size > recordedMax) recorded.shift();
    }
  }

  #review(): void {
    for (const holder of [...this.holders]) holder.review();
  }

  #describe(
    { from, to }: Route,
    segment: Segment,
    datagram?: "datagram",
  ): TravellingSegment {
    const atMs = this.#engine.nowMicros / 1_000;
    if (segment instanceof Uint8Array)
      return { atMs, from, to, kind: datagram ?? "bytes", bytes: segment };
    const kind = segment === broken ? "reset" : "end";
    return { atMs, from, to, kind, bytes: nothing };
  }
}

/** Who sends to whom. */
export interface Route {
  readonly from: NetworkAddress;
  readonly to: NetworkAddress;
}

/** Rules are given by users, and answers that mean nothing would silently do nothing. */
function checked(verdict: Verdict): Verdict {
  if (verdict === "hold" || verdict === "reset") return verdict;
  if (typeof verdict === "object" && isMs(verdict.delayMs)) return verdict;
  const message = `a link rule cannot say ${JSON.stringify(verdict)}: it says pass, hold, reset or { delayMs }`;
  throw new SimulationError("bad_option", message, {
    option: "rule",
    value: verdict,
  });
}
