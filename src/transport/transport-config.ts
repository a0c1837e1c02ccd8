/** How a transport behaves, its peers included. */
import { refuseUnknownOptions } from "../base/known-options.ts";
import { type Given, withDefaults } from "../base/with-defaults.ts";
import { toAddress, type NetworkAddress } from "../core/index.ts";
import { HEADER_SIZE, MAX_PAYLOAD_SIZE } from "../wire/index.ts";
import {
  checkPositive,
  resolvePeerConfig,
  type PeerConfig,
  type PeerOptions,
} from "./peer-config.ts";
import { CREDIT_MAX, FIRST_WINDOW_BYTES } from "./streams/window.ts";

export interface TransportConfig {
  /** How each peer behaves. */
  peer: Readonly<PeerConfig>;
  /** The largest payload accepted, and announced to others. Default 1 MiB. */
  payloadSizeMax: number;
  /** How long a call waits unless it says otherwise. Default 10 000. */
  requestTimeoutMs: number;
  /** How long a stranger that connected may take to introduce itself. Default 5 000. */
  handshakeTimeoutMs: number;
  /**
   * Bytes of replies that may wait for one connection. Default 64 MiB. A remote
   * that asks and does not read its answers loses the connection.
   */
  replyBytesMax: number;
  /**
   * Requests of one connection that may wait for their reply. Default 65 536. One more is answered with `overloaded`,
   * before its receiver sees it.
   */
  requestCountMax: number;
  /**
   * Streams that the other side of one connection may have open to us. Default 1 024. One more is answered with
   * `overloaded`.
   */
  streamCountMax: number;
  /**
   * Bytes that the sender of a stream may be ahead of its reader here. Default 64 KiB, which is also the least: a fast
   * network over a long way wants more. Each open stream may hold so much memory.
   */
  streamWindowBytes: number;
  /**
   * Connections that may be open at once. Default 10 000. One more that somebody makes to us is broken at once; we
   * ourselves may still connect.
   */
  connectionCountMax: number;
  /**
   * Connections that one machine may have made to us at once. Default 1 000. One more is broken at once, so that
   * nobody takes all the places.
   */
  connectionCountPerIpMax: number;
  /** How long a frame may take from its first byte to its last. Default 30 000. Whoever is slower loses the connection. */
  frameTimeoutMs: number;
  /**
   * Bytes of frames whose end has not arrived, all connections together. Default 64 MiB, or four times
   * `payloadSizeMax` if that is more. Above it, whoever has kept us waiting longest loses the connection.
   */
  unfinishedBytesMax: number;
  /** Pings, and answers to pings, that one connection may bring in a second. Default 1 000. More end it. */
  pingsPerSecondMax: number;
  /**
   * Frames that nobody can make anything of that one connection may bring in a second: replies to nobody, items of no
   * stream, cancellations. Default 100 000: all that it is asked may be given up at once, and answered later. More end it.
   */
  uselessFramesPerSecondMax: number;
  /**
   * Frames a second that one connection may bring while others want something, too; what is more is read later. Answers to
   * what we asked do not count, and nobody waits while few frames come from others. Raise it for a peer that may have
   * most of us, a gateway for example; `Infinity` for no limit. Default 32 000.
   */
  crowdedFramesPerSecondMax: number;
  /** About how many bytes go into one write. Default 256 KiB. */
  flushBytesMax: number;
  /**
   * What others should call us. Default: the address listened on, unless that
   * is a wildcard.
   */
  advertisedAddress: NetworkAddress | undefined;
}

/** What a caller may leave out. */
export type TransportOptions = Given<
  Omit<TransportConfig, "peer" | "advertisedAddress"> & {
    peer: PeerOptions;
    advertisedAddress: string | NetworkAddress;
  }
>;

export const defaultTransportConfig: Readonly<TransportConfig> = Object.freeze({
  peer: resolvePeerConfig(),
  payloadSizeMax: MAX_PAYLOAD_SIZE,
  requestTimeoutMs: 10_000,
  handshakeTimeoutMs: 5_000,
  replyBytesMax: 64 * 1024 * 1024,
  requestCountMax: 65_536,
  streamCountMax: 1_024,
  streamWindowBytes: FIRST_WINDOW_BYTES,
  connectionCountMax: 10_000,
  connectionCountPerIpMax: 1_000,
  frameTimeoutMs: 30_000,
  unfinishedBytesMax: 64 * 1024 * 1024,
  pingsPerSecondMax: 1_000,
  uselessFramesPerSecondMax: 100_000,
  crowdedFramesPerSecondMax: 32_000,
  flushBytesMax: 256 * 1024,
  advertisedAddress: undefined,
});

/** Fill in defaults, refuse nonsense, freeze. */
export function resolveTransportConfig(
  given: TransportOptions = {},
): Readonly<TransportConfig> {
  const names = Object.keys(defaultTransportConfig);
  refuseUnknownOptions("a transport", given, names);
  const { peer, advertisedAddress, ...rest } = given;
  const config: TransportConfig = {
    ...withDefaults(defaultTransportConfig, rest),
    peer: resolvePeerConfig(peer),
    advertisedAddress:
      advertisedAddress === undefined
        ? undefined
        : toAddress(advertisedAddress),
  };
  config.unfinishedBytesMax =
    rest.unfinishedBytesMax ?? unfinishedBytesFor(config.payloadSizeMax);
  for (const name of sizes) checkPositive(name, config[name]);
  const { streamWindowBytes } = config;
  if (streamWindowBytes < FIRST_WINDOW_BYTES || streamWindowBytes > CREDIT_MAX)
    throw new RangeError(
      `streamWindowBytes must be from ${FIRST_WINDOW_BYTES} to ${CREDIT_MAX}, not ${streamWindowBytes}`,
    );
  if (config.payloadSizeMax > payloadSizeCeiling) {
    throw new RangeError(
      `payloadSizeMax (${config.payloadSizeMax}) is above ${payloadSizeCeiling}`,
    );
  }
  if (config.unfinishedBytesMax < config.payloadSizeMax + HEADER_SIZE) {
    throw new RangeError(
      `unfinishedBytesMax (${config.unfinishedBytesMax}) leaves no room for a frame of payloadSizeMax (${config.payloadSizeMax})`,
    );
  }
  return Object.freeze(config);
}

/** Room for a few of the largest frames. */
function unfinishedBytesFor(payloadSizeMax: number): number {
  return Math.max(
    defaultTransportConfig.unfinishedBytesMax,
    4 * payloadSizeMax,
  );
}

const sizes = [
  "payloadSizeMax",
  "requestTimeoutMs",
  "handshakeTimeoutMs",
  "replyBytesMax",
  "requestCountMax",
  "streamCountMax",
  "streamWindowBytes",
  "connectionCountMax",
  "connectionCountPerIpMax",
  "frameTimeoutMs",
  "unfinishedBytesMax",
  "pingsPerSecondMax",
  "uselessFramesPerSecondMax",
  "crowdedFramesPerSecondMax",
  "flushBytesMax",
] as const;

/** The length field has 32 bits; a gigabyte is more than a message should have. */
const payloadSizeCeiling = 1024 * 1024 * 1024;
