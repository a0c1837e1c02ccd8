/** What a caller may say about one call, and what a handler is told about it. */
import type { NetworkAddress } from "../core/index.ts";
import type { ContextValues } from "./context-values.ts";
import type { Metadata } from "./metadata.ts";

export interface CallOptions {
  /**
   * Gives up after this many milliseconds, 0 excluded. Default: the method's, else the client's (10 000). A method with
   * streams has no limit but the contract's: it ends with its connection, its signal, or the loop that reads it.
   */
  timeoutMs?: number | undefined;
  /**
   * Gives up once the server has been unreachable for so many milliseconds without a break. Default: never. An
   * at-most-once call ends with the first connection that breaks anyway.
   */
  failedForMs?: number | undefined;
  /** Gives up when it fires. The server is told, and may stop. */
  signal?: AbortSignal | undefined;
  /** Goes with the request. Default: nothing. */
  metadata?: Metadata | undefined;
  /** For the interceptors of this client. Default: the parent's. */
  values?: ContextValues | undefined;
  /**
   * The call that this one is made for: it takes no longer than that one has left, and is cancelled with it. Default:
   * none.
   */
  parent?: HandlerContext | undefined;
  /**
   * Told what came with the reply, when any came: with a response, with the end of a stream, or with the error that a
   * handler answered, which has it as `RpcError.metadata` as well. What it throws is how the call ends for its
   * caller: a promise rejects with it, and a stream after its last item. The server does not hear of it.
   */
  onReplyMetadata?: ((metadata: Metadata) => void) | undefined;
}

/** What a handler knows about the call besides the request. */
export interface HandlerContext {
  /**
   * Fires when nobody wants the answer any more: the caller gave up, its deadline passed, the connection is gone, or
   * the server stops.
   */
  readonly signal: AbortSignal;
  /** `bank.v1.BankService.Transfer` */
  readonly method: string;
  /** The caller's end of the connection. A client's port is ephemeral: an identity it is not. */
  readonly peer: NetworkAddress;
  /** What the caller's certificate proves; `undefined` where nothing is proved. */
  readonly peerName: string | undefined;
  /** What came with the request. */
  readonly metadata: Metadata;
  /** Goes with the reply, be it an error or not: `context.replyMetadata["shard"] = "7"`. */
  readonly replyMetadata: Record<string, string>;
  /** What interceptors have left for the handler, and it for them. */
  readonly values: ContextValues;
  /** Milliseconds until the caller gives up; `Infinity` when it never does. */
  timeRemainingMs(): number;
}
