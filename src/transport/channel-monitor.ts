/** Finds out when a connection is dead, or no longer needed, though nothing says so. */
import type { NetworkAddress } from "../core/index.ts";
import { Attendance } from "./attendance.ts";
import { silent, unneeded } from "./channel-errors.ts";
import type { Expiring } from "./deadline-queue.ts";
import { skipsPing } from "./fault-points.ts";
import { newPingCounters, type PingCounters } from "./metrics.ts";
import type { MonitorConfig } from "./monitor-config.ts";
import type { PeerError } from "./peer-error.ts";
import type { Shared } from "./shared.ts";

/** The connection, as its monitor sees it. */
export interface Monitored {
  /** When bytes last arrived. */
  readonly arrivedMs: number;
  readonly role: "dialed" | "accepted";
  /** Whether bytes wait to leave. */
  readonly isWriting: boolean;
  sendPing(nonce: number): void;
  readonly remoteAddress: NetworkAddress;
  /** Close it in good order. */
  finish(reason: PeerError): void;
  /** Break it. */
  break(reason: PeerError): void;
}

/**
 * What the monitor is doing.
 *
 * - `resting`: the connection is quiet; the next look is when it has been so for too long.
 * - `watching`: somebody waits; the next look is when the other side has been silent for an interval.
 * - `awaiting`: a ping was sent, and its answer has not come.
 */
type MonitorState =
  | { readonly kind: "resting" }
  | { readonly kind: "watching" }
  | {
      readonly kind: "awaiting";
      readonly nonce: number;
      readonly sentMs: number;
      /** Answers in a row that were late though other bytes came. */
      readonly tolerated: number;
    }
  | { readonly kind: "stopped" };

/**
 * After FoundationDB's `connectionMonitor` (`fdbrpc/FlowTransport.actor.cpp`).
 *
 * 1. Any byte is a sign of life: under load no ping is ever needed.
 * 2. A connection at which nobody waits is not pinged. It is closed after a while instead.
 * 3. A process that stood still accuses nobody: its timers fire before it reads what has arrived.
 * 4. Beginning to wait costs a comparison, but for the first time after a rest.
 */
export class ChannelMonitor implements Expiring {
  deadlineMs = 0;
  queueIndex = -1;
  readonly pings: PingCounters = newPingCounters();
  readonly #shared: Shared;
  readonly #channel: Monitored;
  readonly #attendance: Attendance;
  readonly #config: Readonly<MonitorConfig> | false;
  #state: MonitorState = { kind: "stopped" };
  /** When it was last known to be of use. */
  #neededMs = 0;
  #nonce = 0;

  constructor(shared: Shared, channel: Monitored) {
    this.#shared = shared;
    this.#channel = channel;
    this.#config = shared.config.peer.monitor;
    this.#attendance = new Attendance(channel.role, shared.config.peer);
  }

  /** The connection is open. */
  start(): void {
    this.#neededMs = this.#now();
    this.#rest();
  }

  stop(): void {
    this.#state = { kind: "stopped" };
    this.#shared.monitors.delete(this);
  }

  /** A request of ours was handed to the connection and waits, or waits no longer. */
  await(count: 1 | -1): void {
    this.#attendance.awaitedCount += count;
    if (count === 1) this.#attendance.requestCount += 1;
    this.#wake();
  }

  /** A request of the other side waits for our reply, or waits no longer. */
  owe(count: 1 | -1): void {
    this.#attendance.owedCount += count;
    if (count === 1) this.#attendance.requestCount += 1;
    this.#wake();
  }

  /** Whether somebody wants to know of it when the other side goes away. */
  watch(isWatched: boolean): void {
    this.#attendance.isWatched = isWatched;
    this.#wake();
  }

  /** Another connection is used instead: this one need not be kept for long. */
  retire(): void {
    this.#attendance.isRetired = true;
    if (this.#state.kind === "resting") this.#rest();
  }

  /** Whether any request of ours waits here. */
  get isAwaited(): boolean {
    return this.#attendance.awaitedCount > 0;
  }

  /** How many requests went this way so far. */
  get requestCount(): number {
    return this.#attendance.requestCount;
  }

  /** How many requests of the other side wait for our reply. */
  get owedCount(): number {
    return this.#attendance.owedCount;
  }

  /** How long it may be quiet before it is closed. */
  get idleTimeoutMs(): number {
    return this.#attendance.idleTimeoutMs;
  }

  /** Somebody begins to wait. */
  #wake(): void {
    if (this.#state.kind === "resting" && this.#config !== false)
      this.#watch(this.#now());
  }

  /** An answer to a ping. A stale one, or one that nobody asked for, is no news. */
  pong(nonce: number): void {
    if (this.#state.kind !== "awaiting" || this.#state.nonce !== nonce) return;
    const nowMs = this.#now();
    const tripMs = nowMs - this.#state.sentMs;
    const { pings } = this;
    pings.pongsReceived += 1;
    pings.roundTripMs = tripMs;
    pings.roundTripMinMs = Math.min(pings.roundTripMinMs, tripMs);
    pings.roundTripMaxMs = Math.max(pings.roundTripMaxMs, tripMs);
    this.#watch(nowMs);
  }

  expire(): void {
    const nowMs = this.#now();
    if (this.#state.kind === "awaiting") this.#late(nowMs, this.#state);
    else if (this.#isQuiet) this.#quiet(nowMs);
    else this.#needed(nowMs);
  }

  /** Nobody waits: has it been so for too long? */
  #quiet(nowMs: number): void {
    const { arrivedMs } = this.#channel;
    this.#neededMs = Math.max(this.#neededMs, arrivedMs);
    if (nowMs - this.#neededMs + roundingMs >= this.idleTimeoutMs) this.#idle();
    else this.#rest();
  }

  /** Somebody waits: has the other side been heard of? */
  #needed(nowMs: number): void {
    const config = this.#config;
    this.#neededMs = nowMs;
    if (config === false) return this.#rest();
    const { arrivedMs } = this.#channel;
    if (nowMs - arrivedMs + roundingMs < config.pingIntervalMs)
      this.#watch(arrivedMs);
    else this.#ping(nowMs, 0);
  }

  /** No answer in time. Bytes that came since the ping prove that somebody is there. */
  #late(nowMs: number, state: MonitorState & { kind: "awaiting" }): void {
    const config = this.#config as Readonly<MonitorConfig>;
    // We stood still ourselves: what arrived meanwhile has not been read, so silence proves nothing.
    if (nowMs - this.deadlineMs > stallMs)
      return this.#ping(nowMs, state.tolerated);
    this.pings.pingTimeouts += 1;
    const heard = this.#channel.arrivedMs > state.sentMs;
    if (!heard || state.tolerated >= config.toleratedTimeoutsMax)
      return this.#gone(config.pingTimeoutMs);
    this.pings.timeoutsTolerated += 1;
    this.#ping(nowMs, state.tolerated + 1);
  }

  #idle(): void {
    const { remoteAddress } = this.#channel;
    this.#shared.counters.connectionsIdled += 1;
    this.#channel.finish(unneeded(remoteAddress.key, this.idleTimeoutMs));
  }

  #gone(timeoutMs: number): void {
    const { remoteAddress } = this.#channel;
    this.#shared.counters.pingsUnanswered += 1;
    this.#channel.break(silent(remoteAddress.key, timeoutMs));
  }

  #ping(nowMs: number, tolerated: number): void {
    const config = this.#config as Readonly<MonitorConfig>;
    this.#nonce = (this.#nonce + 1) | 0;
    const nonce = this.#nonce;
    this.#state = { kind: "awaiting", nonce, sentMs: nowMs, tolerated };
    this.pings.pingsSent += 1;
    this.#shared.counters.pingsSent += 1;
    this.#wakeAt(nowMs + config.pingTimeoutMs);
    if (!skipsPing()) this.#channel.sendPing(nonce);
  }

  #watch(fromMs: number): void {
    const config = this.#config as Readonly<MonitorConfig>;
    this.#state = { kind: "watching" };
    this.#wakeAt(fromMs + config.pingIntervalMs);
  }

  #rest(): void {
    this.#state = { kind: "resting" };
    this.#wakeAt(this.#neededMs + this.idleTimeoutMs);
  }

  #wakeAt(atMs: number): void {
    const { monitors } = this.#shared;
    monitors.delete(this);
    this.deadlineMs = atMs;
    monitors.add(this);
  }

  get #isQuiet(): boolean {
    return this.#attendance.isEmpty && !this.#channel.isWriting;
  }

  #now(): number {
    return this.#shared.providers.time.now();
  }
}

/** A timer that comes later than this says that the process stood still. */
const stallMs = 100;
/**
 * Clocks count microseconds, so a smaller remainder is none. More than the rounding of the queue of deadlines: what it
 * takes to be due now must not be put off by less than that, or it would be due for ever.
 */
const roundingMs = 0.002;
