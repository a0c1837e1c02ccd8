/** Why a connection is over, in words. */
import { because } from "../base/because.ts";
import type { WireError } from "../wire/index.ts";
import { type FloodOf, PeerError } from "./peer-error.ts";

export function lost(
  address: string,
  cause?: unknown,
): PeerError<"connection_lost"> {
  return new PeerError(
    "connection_lost",
    `the connection to ${address} is gone${because(cause)}`,
    { address },
    { cause },
  );
}

/** Our connect is not needed any more: the other side's has succeeded. */
export function forestalled(address: string): PeerError<"connect_failed"> {
  return new PeerError(
    "connect_failed",
    `${address} has connected to us meanwhile`,
    { address },
  );
}

export function ended(address: string): PeerError<"connection_ended"> {
  return new PeerError("connection_ended", `${address} closed the connection`, {
    address,
  });
}

export function violated(
  address: string,
  cause: WireError,
): PeerError<"protocol_violation"> {
  return new PeerError(
    "protocol_violation",
    `${address} broke the protocol: ${cause.rawMessage}`,
    { address },
    { cause },
  );
}

export function unread(
  address: string,
  bytes: number,
): PeerError<"replies_unread"> {
  return new PeerError(
    "replies_unread",
    `${address} leaves ${bytes} bytes of replies unread`,
    { address, bytes },
  );
}

export function silent(
  address: string,
  timeoutMs: number,
): PeerError<"ping_timed_out"> {
  return new PeerError(
    "ping_timed_out",
    `${address} has not answered a ping within ${timeoutMs} ms`,
    { address, timeoutMs },
  );
}

export function unneeded(address: string, idleMs: number): PeerError<"idle"> {
  return new PeerError(
    "idle",
    `nobody has needed the connection to ${address} for ${idleMs} ms`,
    { address, idleMs },
  );
}

export function unfinished(
  address: string,
  timeoutMs: number,
  bytes: number,
): PeerError<"frame_timed_out"> {
  return new PeerError(
    "frame_timed_out",
    `${address} has not finished a frame within ${timeoutMs} ms: ${bytes} bytes came`,
    { address, timeoutMs, bytes },
  );
}

export function crowdedOut(
  address: string,
  bytes: number,
): PeerError<"frame_crowded_out"> {
  return new PeerError(
    "frame_crowded_out",
    `others need the room of the ${bytes} bytes that ${address} sent of a frame`,
    { address, bytes },
  );
}

export function flooding(
  address: string,
  what: FloodOf,
  countMax: number,
): PeerError<"flooding"> {
  return new PeerError(
    "flooding",
    `${address} sends more than ${countMax} ${what} in a second`,
    { address, what, countMax },
  );
}
