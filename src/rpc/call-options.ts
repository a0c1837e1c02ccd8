/** What a caller may say about one call, and what a handler is told about it. */
import type { NetworkAddress } from "../core/index.ts";

export interface CallOptions {
  /** Gives up after this many milliseconds, 0 excluded. Default: the method's, else the client's (10 000). */
  timeoutMs?: number | undefined;
  /**
   * Gives up once the server has been unreachable for so many milliseconds without a break. Default: never. An
   * at-most-once call ends with the first connection that breaks anyway.
   */
  failedForMs?: number | undefined;
  /** Gives up when it fires. What the server has begun goes on. */
  signal?: AbortSignal | undefined;
}

/** What a handler knows about the call besides the request. */
export interface HandlerContext {
  /** Fires when nobody can get the answer any more: the deadline passed, the connection is gone, or the server stops. */
  readonly signal: AbortSignal;
  /** `bank.v1.BankService.Transfer` */
  readonly method: string;
  /** The caller's end of the connection. A client's port is ephemeral: an identity it is not. */
  readonly peer: NetworkAddress;
  /** Milliseconds until the caller gives up; `Infinity` when it never does. */
  timeRemainingMs(): number;
}
