/** One remote address, and the messages for it. */
import type { RemoteAddress, UID } from "../core/index.ts";
import type { FrameWriter } from "../wire/index.ts";
import type { Call } from "./call.ts";
import { CallQueue } from "./call-queue.ts";
import type { Channel } from "./channel.ts";
import type { RequestSource } from "./channel-output.ts";
import { Kind, REQUEST_HEAD_SIZE, wholeMs, writeRequest } from "./envelope.ts";
import {
  duplicates,
  hasSmallQueues,
  keepsOneWay,
  stopsEarly,
} from "./fault-points.ts";
import { Link, type LinkTarget, type LinkUser } from "./link.ts";
import type { LinkState } from "./link-state.ts";
import { newPingCounters, type PeerMetrics } from "./metrics.ts";
import { PausedCalls } from "./paused-calls.ts";
import type { PeerError } from "./peer-error.ts";
import { closedCall, full, tooLarge } from "./refusals.ts";
import type { ReplyError } from "./reply-error.ts";
import type { Shared } from "./shared.ts";
import { Tenure } from "./tenure.ts";

/**
 * Sends messages to one remote, over as many connections as that takes.
 *
 * 1. Messages leave in the order they were made; after a loss, those that are still wanted leave again in that order.
 * 2. An at-most-once call is handed to a connection once. If that breaks, or if there is none to be had, the call ends,
 *    and its error says which.
 * 3. An at-least-once call stays until it is answered or its caller gives up.
 * 4. A one-way message is gone once sent, and lost with a connection.
 * 5. Without messages no connection is made, and no timer runs.
 */
export class Peer implements RequestSource, LinkUser {
  readonly address: RemoteAddress;
  /** How long it is kept. For the book alone. */
  readonly tenure: Tenure;
  readonly #shared: Shared;
  readonly #link: Link;
  readonly #queue = new CallQueue();
  /** The connection that serves us, or did until it was lost. */
  #channel: Channel | undefined;
  readonly #messageCountMax: number;
  #isWatched = false;
  readonly #paused: PausedCalls;
  readonly #counters = {
    messagesSent: 0,
    messagesResent: 0,
    messagesDropped: 0,
  };

  constructor(shared: Shared, target: LinkTarget) {
    const { address } = target;
    this.address = address;
    this.#shared = shared;
    this.#messageCountMax = hasSmallQueues()
      ? smallQueueLength
      : shared.config.peer.messageCountMax;
    this.#paused = new PausedCalls(shared, (call) => this.accept(call));
    this.tenure = new Tenure(shared.failures, address.key);
    this.#link = new Link(shared, target, this);
  }

  get state(): LinkState["kind"] {
    return this.#link.state.kind;
  }

  get hasUnsent(): boolean {
    return this.#queue.hasUnsent;
  }

  /** Whether it has nothing to do. */
  get rests(): boolean {
    return this.state === "idle" && !this.#isNeeded && this.#paused.size === 0;
  }

  metrics(): PeerMetrics {
    const { state, counters } = this.#link;
    return {
      ...counters,
      ...this.#counters,
      consecutiveFailures: state.kind === "closed" ? 0 : state.failures,
      messageCount: this.#queue.size + this.#paused.size,
      messageBytes: this.#queue.bytes,
      connected: state.kind === "open",
      pings: this.#channel?.monitor.pings ?? newPingCounters(),
    };
  }

  /** Why this call cannot be taken, if so. */
  refusal(call: Call): ReplyError | undefined {
    const { messageBytesMax } = this.#shared.config.peer;
    const { state } = this.#link;
    if (state.kind === "closed") return closedCall(call, state.reason);
    if (this.tenure.record.isGone(call.request.token))
      return call.error("endpoint_not_found", "it is gone for good");
    const size = call.size + REQUEST_HEAD_SIZE;
    const sizeMax = this.#payloadSizeMax();
    if (size > sizeMax) return tooLarge(call, sizeMax);
    const isFull =
      this.#queue.size + this.#paused.size >= this.#messageCountMax ||
      this.#queue.bytes + size > messageBytesMax;
    return isFull
      ? call.error("queue_full", "too many messages wait", {
          cause: full(this.address.key, this.metrics()),
        })
      : undefined;
  }

  accept(call: Call): void {
    this.tenure.use();
    this.#queue.push(call);
    this.#link.settle();
    const { channel } = this.#link;
    if (channel === undefined) this.#link.need();
    else channel.wake(call.size, this.#queue.size === 1 && !call.isOneWay);
  }

  /** The call has ended. */
  forget(call: Call): void {
    if (!this.#paused.delete(call)) this.#queue.remove(call);
    this.#link.settle();
    if (!this.#isNeeded) this.#link.relax();
  }

  /** The remote says that nobody listens at a token. */
  notFound(token: UID): void {
    this.tenure.record.notFound(token);
  }

  /** The remote has made a connection to us, which will do for both. */
  adopt(channel: Channel): void {
    this.#link.adopt(channel);
  }

  /** Whether somebody waits for news of the remote: then it is kept connected, and looked after. */
  watch(isWatched: boolean): void {
    this.#isWatched = isWatched;
    this.#link.channel?.monitor.watch(isWatched);
    if (isWatched) this.#link.need();
    else if (!this.#isNeeded) this.#link.relax();
  }

  /** Send a call again, after a pause: whoever broke its promise needs a moment. */
  resendLater(call: Call): void {
    if (this.#paused.has(call)) return;
    call.leave();
    this.#queue.remove(call);
    this.#paused.add(call);
  }

  fill(writer: FrameWriter): void {
    const channel = this.#channel;
    if (channel === undefined || !this.#queue.hasUnsent) return;
    const nowMs = this.#shared.providers.time.now();
    while (writer.size < this.#shared.config.flushBytesMax) {
      if (writer.size > 0 && stopsEarly()) return;
      const call = this.#queue.unsent;
      if (call === undefined) return;
      const sizeMax = channel.payloadSizeMax;
      if (call.size + REQUEST_HEAD_SIZE <= sizeMax)
        this.#send(call, channel, nowMs);
      // Its caller may do anything, so first the others are written.
      else if (writer.size > 0) return;
      else this.#shared.calls.fail(call, tooLarge(call, sizeMax));
    }
  }

  linkOpened(channel: Channel): void {
    this.tenure.use();
    this.#channel = channel;
    channel.monitor.watch(this.#isWatched);
    channel.serve(this);
  }

  linkFailed(cause: PeerError): void {
    for (const call of this.#queue) {
      if (call.isOneWay) this.#drop(call);
      else if (call.request.delivery === "at_most_once") {
        this.#shared.calls.fail(
          call,
          call.error("not_sent", "no connection", { cause }),
        );
      }
    }
    if (this.#isNeeded) this.#link.need();
  }

  linkLost(cause: PeerError): void {
    for (const call of this.#queue) {
      if (call.isOneWay && !keepsOneWay()) this.#drop(call);
      else if (call.request.delivery === "at_most_once" && call.sentCount > 0) {
        this.#shared.calls.fail(
          call,
          call.error("maybe_delivered", "the connection broke", { cause }),
        );
      }
    }
    this.#queue.rewind();
    if (this.#isNeeded) this.#link.need();
  }

  /** End all calls and the connection. One-way messages that wait are written first. */
  close(cause: PeerError): void {
    for (const call of [...this.#queue, ...this.#paused]) {
      if (call.isOneWay) continue;
      this.#shared.calls.fail(call, closedCall(call, cause));
    }
    this.#link.close(cause);
  }

  get #isNeeded(): boolean {
    return this.#queue.size > 0 || this.#isWatched;
  }

  #send(call: Call, channel: Channel, nowMs: number): void {
    const { isOneWay } = call;
    const head = {
      kind: isOneWay ? Kind.oneWay : Kind.request,
      flags: call.request.streams?.flags ?? 0,
      remainingMs: wholeMs(call.deadlineMs - nowMs),
      replyToken: call,
    };
    writeRequest(this.#shared.writer, call.request, head);
    if (call.request.delivery === "at_least_once" && duplicates())
      writeRequest(this.#shared.writer, call.request, head);
    this.#shared.counters.framesSent += 1;
    this.#counters.messagesSent += 1;
    if (call.sentCount > 0) this.#counters.messagesResent += 1;
    if (isOneWay) this.#queue.remove(call);
    else {
      this.#queue.sent(call);
      call.sendOn(channel);
    }
  }

  #drop(call: Call): void {
    this.#counters.messagesDropped += 1;
    this.#queue.remove(call);
  }

  #payloadSizeMax(): number {
    const own = this.#shared.config.payloadSizeMax;
    return Math.min(own, this.#link.channel?.payloadSizeMax ?? own);
  }
}

/** What a queue holds when a simulation makes it small. */
const smallQueueLength = 10;
