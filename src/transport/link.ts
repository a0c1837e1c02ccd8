/** Keeps one remote connected, as long as somebody needs it. */
import type { NetworkAddress } from "../core/index.ts";
import type { Channel } from "./channel.ts";
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

/**
 * Connects when asked, and paces itself when that fails. See `link-state.ts` for the states.
 *
 * 1. There is at most one connection, or one attempt at it.
 * 2. Without `need()` nothing is attempted, and after `relax()` no timer runs.
 */
export class Link {
  readonly counters: LinkCounters = newLinkCounters();
  readonly #shared: Shared;
  readonly #address: NetworkAddress;
  readonly #dial: Dial;
  readonly #user: LinkUser;
  #state: LinkState = { kind: "idle", failures: 0, untilMs: 0 };

  constructor(
    shared: Shared,
    to: { readonly address: NetworkAddress; readonly dial: Dial },
    user: LinkUser,
  ) {
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

  #opened(channel: Channel): void {
    if (this.#state.kind === "closed")
      return channel.finish(this.#state.reason);
    if (this.#state.kind !== "connecting") return;
    const sinceMs = this.#shared.providers.time.now();
    this.#state = {
      kind: "open",
      failures: this.#state.failures,
      channel,
      sinceMs,
    };
    this.counters.connectionsOpened += 1;
    this.#trace("transport.connected", { epoch: channel.epoch });
    // If it has closed meanwhile, this calls at once.
    channel.onClosed((reason) => this.#lost(channel, reason));
    if (channel.isOpen) this.#user.linkOpened(channel);
  }

  #connectFailed(reason: PeerError): void {
    if (this.#state.kind !== "connecting") return;
    this.counters.connectFailures += 1;
    this.#trace("transport.connect_failed", { reason: reason.code });
    this.#pause(this.#state.failures + 1);
    this.#user.linkFailed(reason);
  }

  #lost(channel: Channel, reason: PeerError): void {
    if (this.#state.kind !== "open") return;
    const { failures, sinceMs } = this.#state;
    const livedMs = this.#shared.providers.time.now() - sinceMs;
    this.counters.connectionsLost += 1;
    this.#trace("transport.lost", {
      epoch: channel.epoch,
      reason: reason.code,
    });
    this.#pause(failuresAfterLoss(failures, livedMs, this.#shared.config.peer));
    this.#user.linkLost(reason);
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
