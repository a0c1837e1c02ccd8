/** Why a remote cannot be reached, or is no longer. */
import { CodedError } from "../core/index.ts";

/** Pings; or answers, items and cancellations that nobody can make anything of. */
export type FloodOf = "pings" | "frames for nobody";

/** What each failure of a connection to a peer tells its catcher. */
export interface PeerErrorDetails {
  /** No connection could be made; the `cause` says why. */
  connect_failed: { address: string };
  /** No connection, or no handshake, within the time allowed. */
  connect_timed_out: { address: string; timeoutMs: number };
  /** The connection broke or was ended by the other side. */
  connection_lost: { address: string };
  /** The other side ended the connection in good order: it was no longer needed, or its process stops. */
  connection_ended: { address: string };
  /** The other side answered no ping: it is gone, or cannot be reached. */
  ping_timed_out: { address: string; timeoutMs: number };
  /** Nobody had needed the connection for long, so it was closed in good order. */
  idle: { address: string; idleMs: number };
  /** The other side broke the protocol; the `cause` is the `WireError`. */
  protocol_violation: { address: string };
  /** Too many messages wait for this remote already. */
  queue_full: { address: string; messageCount: number; messageBytes: number };
  /** It does not read the answers it asked for. */
  replies_unread: { address: string; bytes: number };
  /** A frame was begun, and its end has not come in time. */
  frame_timed_out: { address: string; timeoutMs: number; bytes: number };
  /** Unfinished frames of all connections held too much, and this one had been waited for longest. */
  frame_crowded_out: { address: string; bytes: number };
  /** It sends more frames that are of no use to anybody than a second may bring. */
  flooding: { address: string; what: FloodOf; countMax: number };
  /** Our own transport was closed. */
  closed: { address: string };
}
export type PeerErrorCode = keyof PeerErrorDetails;

/** What a peer has to say of its connection. Callers see it as the `cause` of a `ReplyError`. */
export class PeerError<
  C extends PeerErrorCode = PeerErrorCode,
> extends CodedError<PeerErrorDetails, C> {
  override readonly name = "PeerError";
}

export function isPeerError<C extends PeerErrorCode>(
  value: unknown,
  code?: C,
): value is PeerError<C> {
  return (
    value instanceof PeerError && (code === undefined || value.code === code)
  );
}
