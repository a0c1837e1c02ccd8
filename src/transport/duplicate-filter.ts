/** Gives a request that arrives again the answer that it was given before. */
import { ByteArena } from "../base/byte-arena.ts";
import { refuseUnknownOptions } from "../base/known-options.ts";
import { withDefaults } from "../base/with-defaults.ts";
import type { Expiring } from "./deadline-queue.ts";
import type { MessageReceiver } from "./endpoint-map.ts";
import { ReplyStatus } from "./envelope.ts";
import type { NetTransport } from "./net-transport.ts";
import { checkPositive } from "./peer-config.ts";
import type { Answer } from "./answer.ts";
import type { CancelListener, ReplyPromise } from "./reply-promise.ts";

export interface DuplicateFilterOptions {
  /** How long an answer is kept after its caller has given up, in milliseconds: frames may be late. Default 60 000. */
  lateMs?: number | undefined;
  /** The same for callers that never give up, counted from the answer. Default 600 000. */
  keepMs?: number | undefined;
  /** Requests that are remembered at once; one more is answered with `overloaded`. Default 65 536. */
  countMax?: number | undefined;
  /** Bytes of answers that are remembered at once. Default 64 MiB. */
  bytesMax?: number | undefined;
}

/**
 * Stands before a receiver, which then sees each request once.
 *
 * 1. A request is known by its reply token: the same each time it is sent, and no other request's, ever.
 * 2. While the first is worked on, repetitions wait for its answer; afterwards they are given it.
 * 3. A promise that is broken is forgotten, and so is a refusal: nothing was done that could be done twice. Whoever sends
 *    again wants it to be tried again.
 * 4. Nothing is forgotten to make room, because what is forgotten could run twice: it is the newcomer that has to wait.
 * 5. Streams are not remembered: they are sent once.
 * 6. Whoever gives up a repetition gives up the request, whichever connection the first came by.
 * 7. The memory is that of one life of the process. What must hold beyond belongs on its disk.
 *
 * After FoundationDB's servers, which keep the last reply per client and generation.
 */
export class DuplicateFilter implements MessageReceiver {
  readonly #transport: NetTransport;
  readonly #receiver: MessageReceiver;
  readonly #options: Required<{ [K in keyof DuplicateFilterOptions]: number }>;
  /** By the reply token, as text: filters are asked for by name, and a key costs less than the work behind it. */
  readonly #known = new Map<string, Known>();
  /** Where answers are kept: as they are given, they may be small parts of much larger memory. */
  readonly #arena = new ByteArena();
  #bytes = 0;

  constructor(
    transport: NetTransport,
    receiver: MessageReceiver,
    options: DuplicateFilterOptions = {},
  ) {
    refuseUnknownOptions("a filter", options, Object.keys(defaults));
    this.#transport = transport;
    this.#receiver = receiver;
    this.#options = withDefaults(defaults, options);
    for (const [name, value] of Object.entries(this.#options))
      checkPositive(name, value);
  }

  /** Requests that are remembered. */
  get size(): number {
    return this.#known.size;
  }

  /** Bytes of answers that are remembered. */
  get bytes(): number {
    return this.#bytes;
  }

  receive(message: ReplyPromise): void {
    if (!message.expectsReply || message.hasStreams)
      return this.#receiver.receive(message);
    const key = `${message.a} ${message.b} ${message.c} ${message.d}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known.repeat(message);
    if (this.#isFull) return message.sendError("overloaded");
    const first = new Known(message, () => this.#forget(key));
    this.#known.set(key, first);
    message.onAnswered((answer) => this.#answered(first, answer));
    this.#receiver.receive(message);
  }

  /** Nothing comes again: those that are worked on are given up, and no timer keeps the process for the rest. */
  closed(): void {
    for (const { first, answer } of this.#known.values())
      if (answer === undefined) first.cancel();
    this.clear();
  }

  /** Forget everything. Repetitions that wait are still answered with their first. */
  clear(): void {
    for (const known of this.#known.values()) {
      this.#transport.deadlines.delete(known);
      known.isForgotten = true;
    }
    this.#known.clear();
    this.#bytes = 0;
  }

  get #isFull(): boolean {
    const { countMax, bytesMax } = this.#options;
    return this.#known.size >= countMax || this.#bytes >= bytesMax;
  }

  #answered(known: Known, answer: Answer): void {
    if (known.isForgotten) return known.settle(answer);
    if (nothingDone.has(answer.status)) {
      known.forget();
      return known.settle(answer);
    }
    const { lateMs, keepMs } = this.#options;
    const { deadlineMs } = known.first;
    const nowMs = this.#transport.providers.time.now();
    known.settle({
      status: answer.status,
      body: this.#arena.copyOf(answer.body),
      extra: this.#arena.copyOf(answer.extra),
    });
    this.#bytes += sizeOf(answer);
    known.deadlineMs =
      deadlineMs === Infinity
        ? nowMs + keepMs
        : Math.max(nowMs, deadlineMs) + lateMs;
    this.#transport.deadlines.add(known);
  }

  #forget(key: string): void {
    const answer = this.#known.get(key)?.answer;
    if (answer !== undefined) this.#bytes -= sizeOf(answer);
    this.#known.delete(key);
  }
}

/** One request that has arrived at least once. */
class Known implements Expiring, CancelListener {
  deadlineMs = Infinity;
  queueIndex = -1;
  answer: Answer | undefined;
  /** Whether all was forgotten while it was worked on: its place may be another's by now. */
  isForgotten = false;
  readonly first: ReplyPromise;
  readonly forget: () => void;
  #waiting: ReplyPromise[] = [];

  constructor(first: ReplyPromise, forget: () => void) {
    this.first = first;
    this.forget = forget;
  }

  repeat(message: ReplyPromise): void {
    if (this.answer !== undefined) return message.repeat(this.answer);
    this.#waiting.push(message);
    message.onCancelled(this);
  }

  /** The caller gave up while a repetition waited. */
  cancelled(): void {
    this.first.cancel();
  }

  settle(answer: Answer): void {
    this.answer = answer;
    for (const message of this.#waiting) message.repeat(answer);
    this.#waiting = [];
  }

  expire(): void {
    this.forget();
  }
}

function sizeOf({ body, extra }: Answer): number {
  return body.length + extra.length;
}

/** What a receiver answers that has not done what it was asked for. */
const nothingDone: ReadonlySet<number> = new Set([
  ReplyStatus.broken_promise,
  ReplyStatus.overloaded,
  ReplyStatus.serialization,
  ReplyStatus.unauthorized,
  ReplyStatus.stopping,
  ReplyStatus.endpoint_not_found,
]);

const defaults: Readonly<Record<keyof DuplicateFilterOptions, number>> =
  Object.freeze({
    lateMs: 60_000,
    keepMs: 600_000,
    countMax: 65_536,
    bytesMax: 64 * 1024 * 1024,
  });
