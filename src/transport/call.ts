/** A message that one side wants delivered, and what has become of it so far. */
import { because } from "../base/because.ts";
import type { UID } from "../core/index.ts";
import type { Token } from "../wire/index.ts";
import type { CallTable } from "./call-table.ts";
import type { Channel } from "./channel.ts";
import type { Expiring } from "./deadline-queue.ts";
import type { Peer } from "./peer.ts";
import {
  ReplyError,
  type ReplyErrorCode,
  type ReplyErrorDetails,
} from "./reply-error.ts";
import { cancelFrame } from "./streams/stream-frame.ts";
import type { StreamHalves } from "./streams/stream-inbox.ts";

/**
 * What a call does when the answer does not come.
 *
 * - `at_most_once`: sent once; a broken connection ends the call with `delivery: "maybe"`.
 * - `at_least_once`: sent again over every new connection until it is answered; only for methods that may run twice.
 * - `one_way`: sent once, never answered.
 */
export type Delivery = "at_most_once" | "at_least_once" | "one_way";

/** Whether a failed request ran: surely not, perhaps, or the other side answered. */
export type DeliveryOutcome = "not_sent" | "maybe" | "answered";

/** What to send, and who wants to know how it ends. Exactly one of the two methods is called, once. */
export interface OutgoingRequest {
  /** The receiver's token. */
  readonly token: UID;
  /** What people call that. Errors have the token where there is none. */
  readonly name?: string | undefined;
  /** Must not change any more. */
  readonly body: Uint8Array;
  readonly delivery: Delivery;
  /** How long to wait, in milliseconds; `Infinity` for ever. */
  readonly timeoutMs: number;
  /** What goes with it beside the body. Must not change any more. */
  readonly extra: Uint8Array;
  /** The streams that belong to it. Only for what is sent once: a stream does not outlive its connection. */
  readonly streams: RequestStreams | undefined;
  /** The reply came. One-way messages never see this. */
  replied(body: Uint8Array, extra: Uint8Array): void;
  /** There is no reply. May be called before `start` has returned. A one-way message that is lost later is not told. */
  failed(error: ReplyError): void;
}

/** The streams of a request. */
export interface RequestStreams extends StreamHalves {
  /** Bits of `RequestFlag`. */
  readonly flags: number;
  /** The request was handed to a connection. */
  open(channel: Channel, token: Token): void;
}

/** Codes whose details are what every failed call has. */
type PlainCode = Exclude<
  ReplyErrorCode,
  "application" | "deadline_exceeded" | "packet_too_large" | "peer_failed"
>;

/** One message on its way. Its token is where the reply goes: two words of the transport, generation, slot. */
export class Call implements Expiring, Token {
  readonly peer: Peer;
  readonly request: OutgoingRequest;
  a = 0;
  b = 0;
  c = 0;
  d = 0;
  deadlineMs: number = Infinity;
  queueIndex: number = -1;
  /** The connection it was last handed to. A reply counts only if it comes from there. */
  sentOn: Channel | undefined;
  sentCount = 0;
  settled = false;
  /** Neighbours in the peer's queue. */
  before: Call | undefined;
  after: Call | undefined;
  readonly #table: CallTable;

  constructor(table: CallTable, peer: Peer, request: OutgoingRequest) {
    this.#table = table;
    this.peer = peer;
    this.request = request;
  }

  /** Bytes that it takes in a queue. */
  get size(): number {
    return this.request.body.length + this.request.extra.length;
  }

  /** Whether nobody waits for an answer. */
  get isOneWay(): boolean {
    return this.request.delivery === "one_way";
  }

  get endpoint(): string {
    const { name, token } = this.request;
    return `${this.peer.address.url}/${name ?? token.toString()}`;
  }

  /** What is known of a call to which no answer came. */
  get outcome(): DeliveryOutcome {
    return this.sentCount === 0 ? "not_sent" : "maybe";
  }

  /** It is handed to a connection. */
  sendOn(channel: Channel): void {
    this.sentCount += 1;
    if (this.sentOn === channel) return;
    this.leave();
    this.sentOn = channel;
    channel.monitor.await(1);
    this.request.streams?.open(channel, this);
  }

  /** Nobody waits for the answer any more: the other side may stop. */
  giveUp(): void {
    this.sentOn?.send(cancelFrame(this));
  }

  /** It waits at no connection any more: a reply that comes now is unexpected. */
  leave(): void {
    this.sentOn?.monitor.await(-1);
    this.sentOn = undefined;
  }

  expire(): void {
    this.#table.expire(this);
  }

  /** The remote has been unreachable for too long. */
  peerFailed(failedForMs: number): void {
    const { endpoint, outcome: delivery } = this;
    const message = `unreachable for ${failedForMs} ms: ${endpoint}`;
    const details = { endpoint, delivery, failedForMs };
    this.#table.abandon(this, new ReplyError("peer_failed", message, details));
  }

  /** The caller gives up. Harmless when the call has ended. */
  cancel(reason?: unknown): void {
    this.#table.cancel(this, reason);
  }

  /** Why it ended, in words of ours and those of its `cause`. By default its delivery is what is known without an answer. */
  error<C extends PlainCode>(
    code: C,
    what: string,
    options: ErrorOptions & { delivery?: DeliveryOutcome } = {},
  ): ReplyError<C> {
    const { endpoint } = this;
    const details = { endpoint, delivery: options.delivery ?? this.outcome };
    return new ReplyError(
      code,
      `${what}: ${endpoint}${because(options.cause)}`,
      details as ReplyErrorDetails[C],
      options,
    );
  }
}
