/** Keeps one remote connected, as long as somebody needs it. */
import type { RemoteAddress } from "../core/index.ts";
import type { Channel } from "./channel.ts";
import { forestalled, lost } from "./channel-errors.ts";
import { dropsConnection } from "./fault-points.ts";
import { newLinkCounters, type LinkCounters } from "./metrics.ts";
import { type Dial, dialChannel } from "./open-channel.ts";
import { PeerError } from "./peer-error.ts";
import {
  failuresAfterLoss,
  type LinkState,
  reconnectDelayMs,
} from "./link-state.ts";
import type { Shared } from "./shared.ts";

/** Whoever needs the connection. */
export interface LinkUser {
  linkOpened(channel: Channel): void;
  /** No connection could be made. Ask again with `need()`. */
  linkFailed(reason: PeerError): void;
  /** The connection is gone: what was handed to it may or may not have arrived. Ask again with `need()`. */
  linkLost(reason: PeerError): void;
}

/** Where a link leads. */
export interface LinkTarget {
  readonly address: RemoteAddress;
  readonly dial: Dial;
  /** Whether our address comes before the remote's: then connections that we make win. */
  readonly isLower: boolean;
}

/**
 * Connects when asked, and paces itself when that fails. See `link-state.ts` for the states.
 *
 * 1. There is at most one connection in use, or one attempt at it.
 * 2. Without `need()` nothing is attempted, and after `relax()` no timer runs.
 * 3. A connection that the remote made serves as well as one of ours. Of two, both sides keep the one that the lower
 *    address made; the other is left as soon as nobody waits at it, and closed by whoever made it.
 */
export class Link {
  readonly counters: LinkCounters = newLinkCounters();
  readonly #shared: Shared;
  readonly #address: RemoteAddress;
  readonly #dial: Dial;
  readonly #user: LinkUser;
  readonly #isLower: boolean;
  /** Another connection to the same remote, made by it. */
  #spare: Channel | undefined;
  #state: LinkState = { kind: "idle", failures: 0, untilMs: 0 };

  constructor(shared: Shared, to: LinkTarget, user: LinkUser) {
    this.#isLower = to.isLower;
    this.#shared = shared;
    this.#address = to.address;
    this.#dial = to.dial;
    this.#user = user;
  }

  get state(): LinkState {
    return this.#state;
  }

  /** The connection, while there is one. */
  get channel(): Channel | undefined {
    return this.#state.kind === "open" ? this.#state.channel : undefined;
  }

  /** See to it that there is a connection: now, or when the pause after a failure is over. */
  need(): void {
    if (this.#state.kind !== "idle") return;
    const { failures, untilMs } = this.#state;
    const { time } = this.#shared.providers;
    const delayMs = untilMs - time.now();
    if (delayMs <= 0) return this.#attempt(failures);
    const timer = time.schedule(delayMs, () => this.#attempt(failures));
    this.#state = { kind: "waiting", failures, untilMs, timer };
  }

  /** The remote has made a connection to us. */
  adopt(channel: Channel): void {
    const { kind } = this.#state;
    if (kind === "closed") return;
    this.#spare = channel;
    channel.onClosed(() => {
      if (this.#spare === channel) this.#spare = undefined;
    });
    if (kind === "idle" || (kind === "connecting" && !this.#isLower))
      this.#useSpare();
    else if (kind === "waiting") this.#useSpare();
    else this.settle();
  }

  /** Change over to the better one of two connections, if nobody waits at the other. */
  settle(): void {
    if (this.#spare === undefined || this.#state.kind !== "open") return;
    const { channel } = this.#state;
    if (channel.role !== "dialed" || this.#isLower || channel.monitor.isAwaited)
      return;
    this.#useSpare();
    channel.retire();
  }

  /** Nobody needs it now. The pause goes on without a timer. */
  relax(): void {
    if (this.#state.kind !== "waiting") return;
    const { failures, untilMs, timer } = this.#state;
    timer.cancel();
    this.#state = { kind: "idle", failures, untilMs };
  }

  /** Never connect again. What is queued on the connection is written first. */
  close(reason: PeerError): void {
    const before = this.#state;
    this.#state = { kind: "closed", reason };
    if (before.kind === "open") before.channel.finish(reason);
    if (before.kind === "waiting") before.timer.cancel();
    if (before.kind === "connecting") before.abort.abort(reason);
  }

  #attempt(failures: number): void {
    const abort = new AbortController();
    this.#state = { kind: "connecting", failures, abort };
    this.counters.connectAttempts += 1;
    this.#shared.providers.tasks.spawn(`connect ${this.#address.key}`, () =>
      this.#connect(abort.signal),
    );
  }

  async #connect(signal: AbortSignal): Promise<void> {
    try {
      const channel = await dialChannel(this.#shared, this.#address, {
        dial: this.#dial,
        signal,
      });
      this.#opened(channel);
    } catch (error) {
      if (!(error instanceof PeerError)) throw error;
      this.#connectFailed(error);
    }
  }

  /** Go on with the connection that the remote made. */
  #useSpare(): void {
    const channel = this.#spare as Channel;
    const before = this.#state;
    this.#spare = undefined;
    if (before.kind === "waiting") before.timer.cancel();
    this.counters.connectionsAdopted += 1;
    this.#use(channel, 0);
    if (before.kind === "connecting")
      before.abort.abort(forestalled(this.#address.key));
  }

  #opened(channel: Channel): void {
    if (this.#state.kind === "closed")
      return channel.finish(this.#state.reason);
    if (this.#state.kind !== "connecting") return channel.retire();
    this.counters.connectionsOpened += 1;
    this.#use(channel, this.#state.failures);
    if (dropsConnection()) channel.break(lost(this.#address.key));
  }

  #use(channel: Channel, failures: number): void {
    const sinceMs = this.#shared.providers.time.now();
    this.#state = {
      kind: "open",
      failures,
      channel,
      sinceMs,
    };
    this.#trace("transport.connected", { epoch: channel.epoch });
    const { incarnation } = channel.remote ?? {};
    if (incarnation !== undefined)
      this.#shared.failures.connected(this.#address.key, incarnation);
    // If it has closed meanwhile, this calls at once.
    channel.onClosed((reason) => this.#lost(channel, reason));
    if (channel.isOpen) this.#user.linkOpened(channel);
  }

  #connectFailed(reason: PeerError): void {
    if (this.#state.kind !== "connecting") return;
    this.counters.connectFailures += 1;
    this.#trace("transport.connect_failed", { reason: reason.code });
    if (this.#spare !== undefined) return this.#useSpare();
    this.#shared.failures.unreachable(this.#address.key, reason);
    this.#pause(this.#state.failures + 1);
    this.#user.linkFailed(reason);
  }

  #lost(channel: Channel, reason: PeerError): void {
    if (this.#state.kind !== "open" || this.#state.channel !== channel) return;
    const inGoodOrder = reason.code === "idle";
    if (inGoodOrder) this.#state = { kind: "idle", failures: 0, untilMs: 0 };
    else this.#broke(channel, reason);
    this.#shared.failures.disconnected(
      this.#address.key,
      !endings.has(reason.code),
      reason,
    );
    this.#user.linkLost(reason);
    if (this.#spare !== undefined) this.#useSpare();
  }

  #broke(channel: Channel, reason: PeerError): void {
    const { failures, sinceMs } = this.#state as LinkState & { kind: "open" };
    const livedMs = this.#shared.providers.time.now() - sinceMs;
    this.counters.connectionsLost += 1;
    this.#trace("transport.lost", {
      epoch: channel.epoch,
      reason: reason.code,
    });
    this.#pause(failuresAfterLoss(failures, livedMs, this.#shared.config.peer));
  }

  #pause(failures: number): void {
    const { config, providers } = this.#shared;
    const delayMs = reconnectDelayMs(
      failures,
      config.peer,
      providers.random.ratio(),
    );
    this.#state = {
      kind: "idle",
      failures,
      untilMs: providers.time.now() + delayMs,
    };
  }

  #trace(name: string, fields: { epoch?: number; reason?: string }): void {
    const { trace } = this.#shared.providers;
    if (trace.enabled)
      trace.emit(name, { remote: this.#address.key, ...fields });
  }
}

/** Ends of a connection that say nothing against the remote. */
const endings: ReadonlySet<string> = new Set([
  "idle",
  "connection_ended",
  "closed",
]);
