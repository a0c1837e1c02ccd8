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
import type { MethodServerParts } from "./method-server.ts";
import { RpcError, type RpcErrorCode } from "./rpc-error.ts";

/**
 * What a handler is told about its call. The signal, with all that it takes to fire it, is made only for handlers that
 * ask for it.
 */
export class ServerCall implements HandlerContext, Expiring, CancelListener {
  readonly promise: ReplyPromise;
  readonly deadlineMs: number;
  queueIndex: number = -1;
  readonly #parts: MethodServerParts;
  #controller: AbortController | undefined;
  #unsubscribe: (() => void) | undefined;
  #ended = false;
  #metadata: Metadata | undefined;
  #replyMetadata: Record<string, string> | undefined;
  #values: ContextValues | undefined;
  /** Why nobody waits any more, for a handler that asks for its signal after the fact. */
  #reason: RpcError | undefined;

  constructor(parts: MethodServerParts, promise: ReplyPromise) {
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
    this.#controller ??= this.#watch();
    return this.#controller.signal;
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

  /** Fire the signal when it is time, whether or not the handler has asked for it. */
  watch(): void {
    this.#controller ??= this.#watch();
  }

  /** The handler has finished. */
  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#parts.running.delete(this);
    if (this.#controller === undefined) return;
    this.#unsubscribe?.();
    this.#parts.deadlines.delete(this);
  }

  /** The server stops: the caller hears of it, and so does the handler. */
  stop(): void {
    this.end();
    this.promise[Symbol.dispose]();
    this.#abort("unavailable", "the server stops");
  }

  #watch(): AbortController {
    const controller = new AbortController();
    this.#controller = controller;
    if (this.#reason !== undefined) controller.abort(this.#reason);
    if (this.#ended) return controller;
    if (!this.#comesAgain)
      this.#unsubscribe = this.promise.onUnreachable((reason) => {
        this.#abort(
          "cancelled",
          `the caller cannot be reached any more: ${reason.message}`,
        );
      });
    if (this.deadlineMs < Infinity) this.#parts.deadlines.add(this);
    return controller;
  }

  /** Whether its caller is given this very answer when it asks again by another connection. */
  get #comesAgain(): boolean {
    return this.#parts.method.dedupe === true && !this.promise.hasStreams;
  }

  #abort(code: RpcErrorCode, why: string): void {
    this.#reason ??= new RpcError(code, why);
    this.#controller?.abort(this.#reason);
  }
}
