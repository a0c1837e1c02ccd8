/** The states of the link to a remote, and the decisions that need neither clock nor chance. */
import type { Timer } from "../core/index.ts";
import type { Channel } from "./channel.ts";
import type { PeerConfig } from "./peer-config.ts";
import type { PeerError } from "./peer-error.ts";

/**
 * ```
 * idle ──needed──▶ connecting ──handshake──▶ open
 *   │ too early        ▲    │ failed           │ lost
 *   └──▶ waiting ──────┘    └──────▶ idle ◀────┘
 *           │      timer                              any ──close()──▶ closed
 *           └─ no longer needed ──▶ idle
 * ```
 *
 * `failures` counts those in a row; a link that nobody needs keeps no timer, but it
 * remembers until when it has to be patient.
 */
export type LinkState =
  | {
      readonly kind: "idle";
      readonly failures: number;
      readonly untilMs: number;
    }
  | {
      readonly kind: "waiting";
      readonly failures: number;
      readonly untilMs: number;
      readonly timer: Timer;
    }
  | {
      readonly kind: "connecting";
      readonly failures: number;
      readonly abort: AbortController;
    }
  | {
      readonly kind: "open";
      readonly failures: number;
      readonly channel: Channel;
      readonly sinceMs: number;
    }
  | { readonly kind: "closed"; readonly reason: PeerError };

/**
 * How long to pause after that many failures in a row: doubling up to the
 * ceiling, and between half and all of that by chance (`ratio` in [0, 1)), lest
 * all clients of a lost server come back at once.
 */
export function reconnectDelayMs(
  failures: number,
  config: PeerConfig,
  ratio: number,
): number {
  let delayMs = config.reconnectDelayMs;
  for (
    let count = 1;
    count < failures && delayMs < config.reconnectDelayMsMax;
    count += 1
  )
    delayMs *= 2;
  return Math.min(delayMs, config.reconnectDelayMsMax) * (0.5 + ratio / 2);
}

/** How many failures in a row a lost connection makes: the first, if it lived long enough. */
export function failuresAfterLoss(
  failures: number,
  livedMs: number,
  config: PeerConfig,
): number {
  return livedMs >= config.stableAfterMs ? 1 : failures + 1;
}
