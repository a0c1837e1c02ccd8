/** All calls of a transport that wait for a reply. */
import { because } from "../base/because.ts";
import type { Providers } from "../core/index.ts";
import { Call, type DeliveryOutcome, type OutgoingRequest } from "./call.ts";
import type { Token } from "../wire/index.ts";
import type { Channel } from "./channel.ts";
import type { DeadlineQueue } from "./deadline-queue.ts";
import { ReplyStatus } from "./envelope.ts";
import type { Peer } from "./peer.ts";
import type { Answer } from "./answer.ts";
import { replyTooLarge } from "./refusals.ts";
import { ReplyError } from "./reply-error.ts";

/**
 * Finds the call that a reply belongs to: the reply token holds its slot.
 *
 * 1. A call is in the table from `start` until it is settled, and is settled once.
 * 2. A slot's generation changes with each use, so a late reply finds nobody.
 * 3. Settling takes the call out of table, deadlines and peer, in that order,
 *    before anybody is told: at rest nothing remains.
 */
export class CallTable {
  readonly #providers: Providers;
  readonly #deadlines: DeadlineQueue;
  /** The first two words of every reply token: which life of which process. */
  readonly #a: number;
  readonly #b: number;
  readonly #slots: (Call | undefined)[] = [];
  readonly #generations: number[] = [];
  readonly #free: number[] = [];

  constructor(providers: Providers, deadlines: DeadlineQueue) {
    this.#providers = providers;
    this.#deadlines = deadlines;
    this.#a = providers.random.uint32() & 0x7fff_ffff;
    this.#b = providers.random.uint32() | 0;
  }

  get size(): number {
    return this.#slots.length - this.#free.length;
  }

  /** Give a message to a peer. A refusal, too, is told to the request. */
  start(peer: Peer, request: OutgoingRequest): Call {
    const call = new Call(this, peer, request);
    const refusal = peer.refusal(call);
    if (refusal !== undefined) {
      call.settled = true;
      request.failed(refusal);
      return call;
    }
    if (!call.isOneWay) this.#seat(call);
    peer.accept(call);
    return call;
  }

  /** The call that a reply token belongs to, if one waits, and waits for a reply from there. */
  find(token: Token, from: Channel): Call | undefined {
    const call = this.#slots[token.d];
    if (call === undefined || call.c !== token.c || call.sentOn !== from)
      return undefined;
    return token.a === this.#a && token.b === this.#b ? call : undefined;
  }

  /** A reply came. */
  answer(call: Call, { status, body, extra }: Answer): void {
    if (status === ReplyStatus.ok) {
      this.#settle(call);
      call.request.replied(body, extra);
    } else if (
      status === ReplyStatus.broken_promise &&
      call.request.delivery === "at_least_once"
    ) {
      call.peer.resendLater(call);
    } else {
      if (status === ReplyStatus.endpoint_not_found)
        call.peer.notFound(call.request.token);
      this.fail(call, answeredWith(call, { status, body, extra }));
    }
  }

  expire(call: Call): void {
    const { endpoint, outcome: delivery, request, peer } = call;
    const { timeoutMs } = request;
    // While there is a connection, it is the other side that takes its time.
    const cause = peer.tenure.record.trouble;
    const message = `no reply from ${endpoint} within ${timeoutMs} ms${because(cause)}`;
    const details = { endpoint, delivery, timeoutMs };
    this.abandon(
      call,
      new ReplyError("deadline_exceeded", message, details, { cause }),
    );
  }

  cancel(call: Call, reason: unknown): void {
    if (call.settled) return;
    this.abandon(
      call,
      call.error("cancelled", "the caller gave up", { cause: reason }),
    );
  }

  /** End a call of our own accord. The other side hears of it if it may have the request. */
  abandon(call: Call, error: ReplyError): void {
    if (call.settled) return;
    call.giveUp();
    this.fail(call, error);
  }

  /** End a call without a reply. */
  fail(call: Call, error: ReplyError): void {
    if (call.settled) return;
    this.#settle(call);
    call.request.failed(error);
  }

  #seat(call: Call): void {
    const slot = this.#free.pop() ?? this.#slots.length;
    call.a = this.#a;
    call.b = this.#b;
    call.c = this.#generations[slot] ?? 0;
    call.d = slot;
    this.#slots[slot] = call;
    this.#generations[slot] = (call.c + 1) | 0;
    const { timeoutMs } = call.request;
    if (timeoutMs === Infinity) return;
    call.deadlineMs = this.#providers.time.now() + timeoutMs;
    this.#deadlines.add(call);
  }

  #settle(call: Call): void {
    call.settled = true;
    if (!call.isOneWay) {
      this.#slots[call.d] = undefined;
      this.#free.push(call.d);
      this.#deadlines.delete(call);
      call.leave();
    }
    call.peer.forget(call);
  }
}

/** What a status other than `ok` means to the caller. An earlier sending may have run, whatever the last one met. */
function answeredWith(call: Call, { status, body, extra }: Answer): ReplyError {
  const refused: DeliveryOutcome = call.sentCount > 1 ? "maybe" : "answered";
  switch (status) {
    case ReplyStatus.application: {
      const details = {
        endpoint: call.endpoint,
        delivery: "answered" as const,
        body,
        extra,
      };
      return new ReplyError(
        "application",
        `the receiver answered with an error: ${call.endpoint}`,
        details,
      );
    }
    case ReplyStatus.broken_promise:
      return call.error(
        "broken_promise",
        "the receiver let go of the request",
        { delivery: "maybe" },
      );
    case ReplyStatus.endpoint_not_found:
      return call.error("endpoint_not_found", "nobody listens there", {
        delivery: refused,
      });
    case ReplyStatus.overloaded:
      return call.error("overloaded", "the receiver has too much to do", {
        delivery: refused,
      });
    case ReplyStatus.unauthorized:
      return call.error("unauthorized", "the receiver does not answer us", {
        delivery: refused,
      });
    case ReplyStatus.stopping:
      return call.error("stopping", "the receiver is about to stop", {
        delivery: refused,
      });
    case ReplyStatus.reply_too_large:
      return replyTooLarge(call, body);
    default:
      return call.error(
        "serialization",
        "the receiver could not read the request",
        { delivery: refused },
      );
  }
}
