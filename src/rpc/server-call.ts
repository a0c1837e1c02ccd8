/** One call, from the server's side. */
import type { NetworkAddress } from "../core/index.ts";
import type {
  CancelListener,
  Expiring,
  ReplyPromise,
} from "../transport/index.ts";
import { emptyBytes } from "../base/bytes.ts";
import type { HandlerContext } from "./call-options.ts";
import { ContextValues } from "./context-values.ts";
import {
  decodeMetadata,
  encodeMetadata,
  type Metadata,
  noMetadata,
} from "./metadata.ts";
import type { ServedMethod } from "./served-method.ts";
import { RpcError, type RpcErrorCode } from "./rpc-error.ts";

/**
 * What a handler is told about its call. The signal, with all that it takes to fire it, is made only for handlers that
 * ask for it.
 */
export class ServerCall implements HandlerContext, Expiring, CancelListener {
  readonly promise: ReplyPromise;
  readonly deadlineMs: number;
  queueIndex: number = -1;
  readonly #parts: ServedMethod;
  #controller: AbortController | undefined;
  /** The calls that were made for this one: each may be told of its end without a signal. */
  #children: Set<Child> | undefined;
  #isWatched = false;
  #unsubscribe: (() => void) | undefined;
  #ended = false;
  #metadata: Metadata | undefined;
  #replyMetadata: Record<string, string> | undefined;
  #values: ContextValues | undefined;
  /** Why nobody waits any more, for a handler that asks for its signal after the fact. */
  #reason: RpcError | undefined;

  constructor(parts: ServedMethod, promise: ReplyPromise) {
    this.#parts = parts;
    this.promise = promise;
    this.deadlineMs = promise.deadlineMs;
  }

  get method(): string {
    return this.#parts.fullName;
  }

  get peer(): NetworkAddress {
    return this.promise.peer;
  }

  get peerName(): string | undefined {
    return this.promise.peerName;
  }

  get metadata(): Metadata {
    return (this.#metadata ??= decodeMetadata(this.promise.requestExtra));
  }

  get replyMetadata(): Record<string, string> {
    return (this.#replyMetadata ??= {});
  }

  get values(): ContextValues {
    return (this.#values ??= new ContextValues());
  }

  /**
   * What goes with the reply beside its body, and with an error what that has of its own. Metadata that cannot be sent
   * is a mistake of the handler: it throws, and drops it, so that the error which says so can be sent.
   */
  replyExtra(own: Metadata = noMetadata): Uint8Array {
    if (this.#replyMetadata === undefined && own === noMetadata)
      return emptyBytes;
    try {
      return encodeMetadata({ ...this.#replyMetadata, ...own });
    } catch (error) {
      this.#replyMetadata = undefined;
      throw error;
    }
  }

  /** Why nobody waits any more; `undefined` while somebody does. */
  get reason(): RpcError | undefined {
    return this.#reason;
  }

  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.watch();
      this.#controller = new AbortController();
      if (this.#reason !== undefined) this.#controller.abort(this.#reason);
    }
    return this.#controller.signal;
  }

  /**
   * As a listener to the signal, at a fraction of its cost, and as many as there may be: Node takes more than ten at one
   * signal for a leak. Called at once if nobody waits any more. Returns the way to unsubscribe.
   */
  onGivenUp(callback: (reason: RpcError) => void): () => void {
    this.watch();
    const child: Child = { callback };
    if (this.#reason !== undefined) callback(this.#reason);
    else (this.#children ??= new Set()).add(child);
    return () => this.#children?.delete(child);
  }

  timeRemainingMs(): number {
    if (this.deadlineMs === Infinity) return Infinity;
    return Math.max(0, this.deadlineMs - this.#parts.providers.time.now());
  }

  /** The deadline has passed. A stream ends with it, however little its handler cares. */
  expire(): void {
    this.#abort("deadline_exceeded", "the caller's deadline passed");
    if (this.promise.hasStreams) this.promise.cancel();
  }

  /** The caller gave up. */
  cancelled(): void {
    this.#abort("cancelled", "the caller gave up");
  }

  /** Find out when nobody waits any more, whether or not the handler has asked for its signal. */
  watch(): void {
    const isOver = this.#ended || this.#reason !== undefined;
    if (this.#isWatched || isOver) return;
    this.#isWatched = true;
    if (!this.#comesAgain)
      this.#unsubscribe = this.promise.onUnreachable((reason) => {
        this.#abort(
          "cancelled",
          `the caller cannot be reached any more: ${reason.message}`,
        );
      });
    // The connection may be gone already.
    if (this.#reason === undefined && this.deadlineMs < Infinity)
      this.#parts.deadlines.add(this);
  }

  /** The handler has finished. */
  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#parts.running.delete(this);
    if (this.#isWatched) this.#unwatch();
  }

  /** The server stops: the caller hears of it, and so does the handler. */
  stop(): void {
    this.end();
    this.promise[Symbol.dispose]();
    this.#abort("unavailable", "the server stops");
  }

  /** Whether its caller is given this very answer when it asks again by another connection. */
  get #comesAgain(): boolean {
    return this.#parts.method.dedupe === true && !this.promise.hasStreams;
  }

  /** Nothing that happens later is of interest. */
  #unwatch(): void {
    this.#unsubscribe?.();
    this.#parts.deadlines.delete(this);
  }

  #abort(code: RpcErrorCode, why: string): void {
    if (this.#reason !== undefined) return;
    const reason = new RpcError(code, why);
    this.#reason = reason;
    if (this.#isWatched) this.#unwatch();
    this.#controller?.abort(reason);
    for (const { callback } of this.#children ?? []) callback(reason);
  }
}

/** One call that was made for another. */
interface Child {
  readonly callback: (reason: RpcError) => void;
}
