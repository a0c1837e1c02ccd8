/** Why a request ended without a reply. */
import { CodedError } from "../core/index.ts";
import type { DeliveryOutcome } from "./call.ts";

/** Known of every request that failed. */
interface Failure {
  /** Where it was addressed: `ip:port/token`. */
  endpoint: string;
  /** Whether it reached, or may have reached, the receiver. */
  delivery: DeliveryOutcome;
}

/** What each failure of a request tells its catcher. */
export interface ReplyErrorDetails {
  /** The receiver took the request and let go of it without an answer. */
  broken_promise: Failure;
  /** Nobody listens at that token there. */
  endpoint_not_found: Failure;
  /** The receiver could not read the request. */
  serialization: Failure;
  /** The receiver has too much to do. */
  overloaded: Failure;
  /** The receiver does not answer callers like us. */
  unauthorized: Failure;
  /** The receiver answers what it has begun, and takes no more. */
  stopping: Failure;
  /** The reply was larger than we accept. */
  reply_too_large: Failure;
  /** The receiver answered with an error of its own, in `body`; `extra` is what came beside it. */
  application: Failure & { body: Uint8Array; extra: Uint8Array };
  /** The connection broke after the request had been handed to it. */
  maybe_delivered: Failure;
  /** No connection could be made, so the request was never sent. */
  not_sent: Failure;
  /** The remote has been unreachable for as long as the caller was willing to bear. */
  peer_failed: Failure & { failedForMs: number };
  /** Time ran out. */
  deadline_exceeded: Failure & { timeoutMs: number };
  /** The caller gave up; the `cause` is its reason. */
  cancelled: Failure;
  /** Too many messages wait for that address already. */
  queue_full: Failure;
  /** The request is larger than this side, or the other, accepts. */
  packet_too_large: Failure & { size: number; sizeMax: number };
  /** Our own transport was closed. */
  closed: Failure;
}
export type ReplyErrorCode = keyof ReplyErrorDetails;

/** A request ended without a reply. `details.delivery` says whether it may have run. */
export class ReplyError<
  C extends ReplyErrorCode = ReplyErrorCode,
> extends CodedError<ReplyErrorDetails, C> {
  override readonly name = "ReplyError";
}

export function isReplyError<C extends ReplyErrorCode>(
  value: unknown,
  code?: C,
): value is ReplyError<C> {
  return (
    value instanceof ReplyError && (code === undefined || value.code === code)
  );
}
