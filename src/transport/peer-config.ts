/** How a peer behaves: patience, pacing and limits. */
import { refuseUnknownOptions } from "../base/known-options.ts";
import { type Given, withDefaults } from "../base/with-defaults.ts";
import {
  defaultMonitorConfig,
  resolveMonitorConfig,
  type MonitorConfig,
} from "./monitor-config.ts";

export interface PeerConfig {
  /** How long connecting may take, handshake included. Default 5 000. */
  connectTimeoutMs: number;
  /** Pause before the first reconnect; doubles on each failure. Default 100. */
  reconnectDelayMs: number;
  /**
   * Ceiling for that doubling. Default 5 000: half of the default deadline of a
   * call, so that a call begun when the network heals still finds its way.
   */
  reconnectDelayMsMax: number;
  /**
   * A connection that lived this long was a good one: the doubling starts anew.
   * Default 5 000. Without it a remote that accepts and hangs up is stormed.
   */
  stableAfterMs: number;
  /** Messages that may wait at once, to be sent or answered. Default 65 536. */
  messageCountMax: number;
  /** The bytes of their bodies. Default 64 MiB. */
  messageBytesMax: number;
  /**
   * Pause before an at-least-once call is sent again after its promise was
   * broken, jittered. Default 100.
   */
  brokenPromiseDelayMs: number;
  /** How connections are watched that somebody waits at. `false`: not at all. */
  monitor: Readonly<MonitorConfig> | false;
  /**
   * A connection that nobody has needed for so long is closed by whoever made
   * it, and by the other side after twice that time. Default 180 000.
   */
  idleTimeoutMs: number;
  /** The same for one of two connections to the same remote. Default 1 000. */
  retiredTimeoutMs: number;
  /**
   * A peer that nobody has needed for so long is forgotten, at the latest after twice that time, and with it what was
   * learnt of its address. It is made anew when it is needed. Default 600 000.
   */
  forgetAfterMs: number;
}

/** What a caller may leave out. */
export type PeerOptions = Given<
  Omit<PeerConfig, "monitor"> & { monitor: Given<MonitorConfig> | false }
>;

export const defaultPeerConfig: Readonly<PeerConfig> = Object.freeze({
  connectTimeoutMs: 5_000,
  reconnectDelayMs: 100,
  reconnectDelayMsMax: 5_000,
  stableAfterMs: 5_000,
  messageCountMax: 65_536,
  messageBytesMax: 64 * 1024 * 1024,
  brokenPromiseDelayMs: 100,
  monitor: defaultMonitorConfig,
  idleTimeoutMs: 180_000,
  retiredTimeoutMs: 1_000,
  forgetAfterMs: 600_000,
});

/** Fill in defaults, refuse nonsense, freeze. */
export function resolvePeerConfig(
  given: PeerOptions = {},
): Readonly<PeerConfig> {
  refuseUnknownOptions("a peer", given, Object.keys(defaultPeerConfig));
  const monitor = resolveMonitorConfig(given.monitor);
  const config: PeerConfig = {
    ...withDefaults(defaultPeerConfig, { ...given, monitor: undefined }),
    monitor,
  };
  for (const [name, value] of Object.entries(config)) {
    if (name !== "monitor") checkPositive(name, value as number);
  }
  if (config.reconnectDelayMs > config.reconnectDelayMsMax) {
    throw new RangeError(
      `reconnectDelayMs (${config.reconnectDelayMs}) is above reconnectDelayMsMax (${config.reconnectDelayMsMax})`,
    );
  }
  return Object.freeze(config);
}

/** Refuse what is no number above zero. */
export function checkPositive(name: string, value: number): void {
  if (Number.isFinite(value) && value > 0) return;
  throw new RangeError(`${name} must be a number above 0, not ${value}`);
}
