/** One remote address: the connection to it, and the messages that wait for it. */
import type { NetworkAddress } from "../core/index.ts";
import type { FrameWriter } from "../wire/index.ts";
import type { Call } from "./call.ts";
import { CallQueue } from "./call-queue.ts";
import { replyError } from "./call-table.ts";
import type { Channel, ChannelUser } from "./channel.ts";
import { type Dial, dialChannel } from "./dial.ts";
import { Kind, REQUEST_HEAD_SIZE, writeRequest } from "./envelope.ts";
import { newPeerCounters, type PeerMetrics } from "./metrics.ts";
import { PeerError } from "./peer-error.ts";
import { failuresAfterLoss, type PeerState, reconnectDelayMs } from "./peer-state.ts";
import { ReplyError } from "./reply-error.ts";
import type { Shared } from "./shared.ts";

/**
 * Connects when there is something to send, and again while there is.
 *
 * 1. Messages leave in the order they were made; after a loss, those that are
 *    still wanted leave again in that order.
 * 2. An at-most-once call is handed to a connection once. If that breaks, or if
 *    there is none to be had, the call ends, and its error says which.
 * 3. An at-least-once call stays until it is answered or its caller gives up.
 * 4. A one-way message is gone once sent, and lost with a connection.
 * 5. A peer without messages has no timer.
 */
export class Peer implements ChannelUser {
  readonly address: NetworkAddress;
  readonly #shared: Shared;
  readonly #dial: Dial;
  readonly #queue = new CallQueue();
  /** Calls that pause before they are sent again. */
  readonly #paused = new Set<Call>();
  readonly #counters = newPeerCounters();
  #state: PeerState = { kind: "idle", failures: 0, untilMs: 0 };

  constructor(shared: Shared, address: NetworkAddress, dial: Dial) {
    this.#shared = shared;
    this.address = address;
    this.#dial = dial;
  }

  get state(): PeerState["kind"] {
    return this.#state.kind;
  }

  get hasUnsent(): boolean {
    return this.#queue.hasUnsent;
  }

  metrics(): PeerMetrics {
    return {
      ...this.#counters,
      consecutiveFailures: this.#state.kind === "closed" ? 0 : this.#state.failures,
      messageCount: this.#queue.size + this.#paused.size,
      messageBytes: this.#queue.bytes,
      connected: this.#state.kind === "open",
    };
  }

  /** Why this call cannot be taken, if so. */
  refusal(call: Call): ReplyError | undefined {
    const { messageCountMax, messageBytesMax } = this.#shared.config.peer;
    const size = call.request.body.length + REQUEST_HEAD_SIZE;
    const sizeMax = this.#sizeMax();
    if (this.#state.kind === "closed") {
      return replyError("closed", call, "the transport was closed", { cause: this.#state.reason });
    }
    if (size > sizeMax) return tooLarge(call, sizeMax);
    const isFull =
      this.#queue.size + this.#paused.size >= messageCountMax || this.#queue.bytes + size > messageBytesMax;
    return isFull ? replyError("queue_full", call, "too many messages wait", { cause: this.#full() }) : undefined;
  }

  accept(call: Call): void {
    this.#queue.push(call);
    if (this.#state.kind === "open") this.#state.channel.wake();
    else if (this.#state.kind === "idle") this.#pursue();
  }

  /** The call has ended. */
  forget(call: Call): void {
    if (call.pause === undefined) {
      this.#queue.remove(call);
    } else {
      call.pause.cancel();
      call.pause = undefined;
      this.#paused.delete(call);
    }
    if (this.#state.kind === "waiting" && this.#queue.size === 0) this.#relax();
  }

  /** Send a call again, after a pause: whoever broke its promise needs a moment. */
  resendLater(call: Call): void {
    const { time, random } = this.#shared.providers;
    const delayMs = this.#shared.config.peer.brokenPromiseDelayMs * (0.5 + random.ratio());
    this.#queue.remove(call);
    this.#paused.add(call);
    call.pause = time.schedule(delayMs, () => {
      call.pause = undefined;
      this.#paused.delete(call);
      this.accept(call);
    });
  }

  fill(channel: Channel, writer: FrameWriter): void {
    if (!this.#queue.hasUnsent) return;
    const nowMs = this.#shared.providers.time.now();
    while (writer.size < this.#shared.config.flushBytesMax) {
      const call = this.#queue.takeUnsent();
      if (call === undefined) return;
      if (call.request.body.length + REQUEST_HEAD_SIZE > channel.payloadSizeMax) {
        this.#shared.calls.fail(call, tooLarge(call, channel.payloadSizeMax));
      } else {
        this.#send(call, channel, nowMs);
      }
    }
  }

  channelClosed(channel: Channel, reason: PeerError): void {
    if (this.#state.kind !== "open" || this.#state.channel !== channel) return;
    const { failures, sinceMs } = this.#state;
    const { config, providers } = this.#shared;
    const livedMs = providers.time.now() - sinceMs;
    this.#counters.connectionsLost += 1;
    this.#trace("transport.lost", channel.epoch, reason);
    this.#rest(failuresAfterLoss(failures, livedMs, config.peer));
    for (const call of this.#queue) this.#afterLoss(call, reason);
    this.#queue.rewind();
    if (this.#queue.size > 0) this.#pursue();
  }

  /** End all calls and the connection. One-way messages that wait are written first. */
  close(reason: PeerError): void {
    const before = this.#state;
    if (before.kind === "closed") return;
    this.#state = { kind: "closed", reason };
    for (const call of [...this.#queue, ...this.#paused]) {
      if (call.request.delivery === "one_way") continue;
      this.#shared.calls.fail(call, replyError("closed", call, "the transport was closed", { cause: reason }));
    }
    if (before.kind === "open") before.channel.finish(reason);
    if (before.kind === "waiting") before.timer.cancel();
    if (before.kind === "connecting") before.attempt.abort(reason);
  }

  #send(call: Call, channel: Channel, nowMs: number): void {
    const { request } = call;
    const isOneWay = request.delivery === "one_way";
    const remainingMs = call.deadlineMs === Infinity ? 0 : remaining(call.deadlineMs - nowMs);
    const head = { kind: isOneWay ? Kind.oneWay : Kind.request, remainingMs, replyToken: call };
    writeRequest(this.#shared.writer, request.token, head, request.body);
    this.#shared.counters.framesSent += 1;
    this.#counters.messagesSent += 1;
    if (call.sentCount > 0) this.#counters.messagesResent += 1;
    call.sentCount += 1;
    call.sentOn = channel;
    if (isOneWay) this.#queue.remove(call);
  }

  /** Begin to connect, now or when the pause is over. */
  #pursue(): void {
    if (this.#state.kind !== "idle") return;
    const { failures, untilMs } = this.#state;
    const { time, tasks } = this.#shared.providers;
    const delayMs = untilMs - time.now();
    if (delayMs > 0) {
      const timer = time.schedule(delayMs, () => {
        this.#relax();
        this.#pursue();
      });
      this.#state = { kind: "waiting", failures, untilMs, timer };
      return;
    }
    const attempt = new AbortController();
    this.#state = { kind: "connecting", failures, attempt };
    this.#counters.connectAttempts += 1;
    tasks.spawn(`connect ${this.address.key}`, () => this.#connect(attempt));
  }

  /** Stop waiting, without forgetting how long there was to wait. */
  #relax(): void {
    if (this.#state.kind !== "waiting") return;
    const { failures, untilMs, timer } = this.#state;
    timer.cancel();
    this.#state = { kind: "idle", failures, untilMs };
  }

  async #connect(attempt: AbortController): Promise<void> {
    try {
      const channel = await dialChannel(this.#shared, this.address, { dial: this.#dial, signal: attempt.signal });
      this.#connected(channel);
    } catch (error) {
      if (!(error instanceof PeerError)) throw error;
      this.#connectFailed(error);
    }
  }

  #connected(channel: Channel): void {
    if (this.#state.kind !== "connecting") return channel.finish(closedWhile(this.address.key));
    if (!channel.isOpen) return this.#connectFailed(closedWhile(this.address.key));
    const { failures } = this.#state;
    this.#state = { kind: "open", failures, channel, sinceMs: this.#shared.providers.time.now() };
    channel.user = this;
    this.#counters.connectionsOpened += 1;
    this.#trace("transport.connected", channel.epoch);
    if (this.#queue.hasUnsent) channel.wake();
  }

  #connectFailed(reason: PeerError): void {
    if (this.#state.kind !== "connecting") return;
    this.#counters.connectFailures += 1;
    this.#trace("transport.connect_failed", 0, reason);
    this.#rest(this.#state.failures + 1);
    for (const call of this.#queue) this.#afterFailure(call, reason);
    if (this.#queue.size > 0) this.#pursue();
  }

  #rest(failures: number): void {
    const { config, providers } = this.#shared;
    const delayMs = reconnectDelayMs(failures, config.peer, providers.random.ratio());
    this.#state = { kind: "idle", failures, untilMs: providers.time.now() + delayMs };
  }

  /** What was sent once and may not be sent again ends here. */
  #afterLoss(call: Call, cause: PeerError): void {
    if (call.request.delivery === "one_way") {
      this.#counters.messagesDropped += 1;
      this.#queue.remove(call);
    } else if (call.request.delivery === "at_most_once" && call.sentCount > 0) {
      this.#shared.calls.fail(call, replyError("maybe_delivered", call, "the connection broke", { cause }));
    }
  }

  /** What may not be kept ends here. No at-most-once call in the queue has been sent: those end with their connection. */
  #afterFailure(call: Call, cause: PeerError): void {
    if (call.request.delivery === "at_most_once") {
      this.#shared.calls.fail(call, replyError("not_sent", call, "no connection", { cause }));
    } else {
      this.#afterLoss(call, cause);
    }
  }

  #sizeMax(): number {
    const own = this.#shared.config.payloadSizeMax;
    return this.#state.kind === "open" ? Math.min(own, this.#state.channel.payloadSizeMax) : own;
  }

  #full(): PeerError<"queue_full"> {
    const { messageCount, messageBytes } = this.metrics();
    const address = this.address.key;
    const message = `${messageCount} messages of ${messageBytes} bytes wait for ${address}`;
    return new PeerError("queue_full", message, { address, messageCount, messageBytes });
  }

  #trace(name: string, epoch: number, reason?: PeerError): void {
    const { trace } = this.#shared.providers;
    if (trace.enabled) trace.emit(name, { remote: this.address.key, epoch, reason: reason?.code });
  }
}

/** Whole milliseconds, at least one (0 would mean for ever); what does not fit is for ever. */
function remaining(ms: number): number {
  const whole = Math.max(1, Math.ceil(ms));
  return whole > 0xffff_ffff ? 0 : whole;
}

function tooLarge(call: Call, sizeMax: number): ReplyError<"packet_too_large"> {
  const { endpoint, outcome } = call;
  const size = call.request.body.length + REQUEST_HEAD_SIZE;
  const message = `a request of ${size} bytes is above the limit of ${sizeMax}: ${endpoint}`;
  return new ReplyError("packet_too_large", message, { endpoint, delivery: outcome, size, sizeMax });
}

function closedWhile(address: string): PeerError<"connection_lost"> {
  return new PeerError("connection_lost", `the connection to ${address} was closed at once`, { address });
}
