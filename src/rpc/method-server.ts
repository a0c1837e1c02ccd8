/** One method of a service, on the server's side. */
import type {
  DescMessage,
  Message,
  MessageInitShape,
} from "@bufbuild/protobuf";

import { emptyBytes } from "../base/bytes.ts";
import type { NetworkAddress, Providers } from "../core/index.ts";
import {
  type DeadlineQueue,
  isReplyError,
  type MessageReceiver,
  type ReplyPromise,
} from "../transport/index.ts";
import type { HandlerContext } from "./call-options.ts";
import type { MessageCodec } from "./codec.ts";
import { encodeMessage } from "./encode-message.ts";
import { noMetadata } from "./metadata.ts";
import { takesStream } from "./method-kind.ts";
import { RpcError } from "./rpc-error.ts";
import type { RunningCalls } from "./running-calls.ts";
import { ServerCall } from "./server-call.ts";
import {
  hasStreamsOf,
  requestsOf,
  respond,
  streamStopped,
} from "./server-streams.ts";
import type { MethodSpec } from "./spec.ts";
import { encodeStatus } from "./status.ts";
import { TooLargeError } from "./too-large.ts";

type ResponseInit = MessageInitShape<DescMessage>;

/** A message, or a stream of them. */
export type HandlerResult = ResponseInit | AsyncIterable<unknown> | void;
export type AnyHandler = (
  request: Message | AsyncIterable<Message>,
  context: HandlerContext,
) => HandlerResult | Promise<HandlerResult>;

/** Whoever calls, as far as it is known. */
export interface Caller {
  /** Where its connection comes from. A client's port is ephemeral. */
  readonly peer: NetworkAddress;
  /** What its certificate proves; `undefined` where nothing is proved. */
  readonly peerName: string | undefined;
}

/** All that calls of one method on one server have in common. */
export interface MethodServerParts {
  readonly fullName: string;
  readonly method: MethodSpec;
  readonly handle: AnyHandler;
  readonly codec: MessageCodec;
  readonly exposeErrors: boolean;
  readonly onError:
    ((error: unknown, context: HandlerContext) => void) | undefined;
  readonly isInside: ((caller: Caller) => boolean) | undefined;
  readonly providers: Providers;
  readonly deadlines: DeadlineQueue;
  /** Calls whose handler has not finished. */
  readonly running: RunningCalls;
}

/**
 * Decodes each request, runs the handler, answers. Whatever happens to one request, the next is served: one that
 * cannot be read and a handler that throws are answers, too.
 */
export class MethodServer implements MessageReceiver {
  readonly #parts: MethodServerParts;
  /** Handlers that have begun and not ended, whether or not anybody still waits for them. */
  #runningCount = 0;

  constructor(parts: MethodServerParts) {
    this.#parts = parts;
  }

  get id(): number {
    return this.#parts.method.id;
  }

  /** Whether a call that arrives again is given the answer that it was given before. */
  get dedupes(): boolean {
    return this.#parts.method.dedupe === true;
  }

  receive(promise: ReplyPromise): void {
    if (!this.#mayCall(promise)) return promise.sendError("unauthorized");
    if (this.#parts.running.isClosed) return promise.sendError("stopping");
    if (this.#isFull) return promise.sendError("overloaded");
    const call = new ServerCall(this.#parts, promise);
    const request = this.#requestOf(call);
    if (request === undefined) {
      // The caller is told, and the sender's bytes are no error of this side.
      promise.sendError("serialization");
      this.#trace("rpc.unreadable", promise);
      return;
    }
    this.#trace("rpc.request", promise);
    if (promise.hasStreams) call.watch();
    let result: HandlerResult | Promise<HandlerResult>;
    try {
      result = this.#parts.handle(request, call);
    } catch (error) {
      this.#failed(call, error);
      return;
    }
    if (takesStream(this.#parts.method.kind))
      this.#follow(call, respond(this.#parts, call, result));
    else if (isPromise(result)) this.#follow(call, result);
    else this.#finished(call, result);
  }

  /** What the handler is given; `undefined` when what came is no request for this method. */
  #requestOf(call: ServerCall): Message | AsyncIterable<Message> | undefined {
    const { codec, method } = this.#parts;
    const { promise } = call;
    if (!hasStreamsOf(method.kind, promise)) return undefined;
    if (promise.items !== undefined) return requestsOf(this.#parts, call);
    try {
      return codec.decode(method.input, promise.request);
    } catch {
      return undefined;
    }
  }

  #mayCall(caller: Caller): boolean {
    const { method, isInside } = this.#parts;
    return isInside === undefined || method.public === true || isInside(caller);
  }

  /** Whether as many calls run as the contract allows. */
  get #isFull(): boolean {
    const { concurrency } = this.#parts.method;
    return concurrency !== undefined && this.#runningCount >= concurrency;
  }

  #follow(call: ServerCall, result: Promise<HandlerResult>): void {
    this.#parts.running.add(call);
    call.promise.onCancelled(call);
    this.#runningCount += 1;
    result.then(
      (response) => {
        this.#runningCount -= 1;
        this.#finished(call, response);
      },
      (error: unknown) => {
        this.#runningCount -= 1;
        this.#failed(call, error);
      },
    );
  }

  #finished(call: ServerCall, response: HandlerResult): void {
    call.end();
    if (call.promise.answered) return;
    const { method } = this.#parts;
    let body: Uint8Array;
    let extra: Uint8Array;
    try {
      extra = call.replyExtra();
      body = takesStream(method.kind)
        ? emptyBytes
        : encodeMessage(this.#parts, method.output, response);
    } catch (error) {
      this.#failed(call, error);
      return;
    }
    call.promise.send(body, extra);
    this.#checkSize(call, body.length + extra.length);
  }

  #failed(call: ServerCall, thrown: unknown): void {
    call.end();
    if (thrown === streamStopped) return call.promise[Symbol.dispose]();
    const { providers, fullName } = this.#parts;
    const error =
      thrown instanceof RpcError ? thrown : this.#hidden(call, thrown);
    if (providers.trace.enabled) {
      providers.trace.emit("rpc.handler_failed", {
        method: fullName,
        code: error.code,
        text: String(thrown),
      });
    }
    const extra = this.#extraOf(call, error);
    const body = encodeStatus(error);
    call.promise.sendError("application", body, extra);
    this.#checkSize(call, body.length);
  }

  /** Whose answer is too large hears of it from the transport; here it is told at home, too. */
  #checkSize(call: ServerCall, size: number): void {
    const { exceededSizeMax } = call.promise;
    if (exceededSizeMax === undefined) return;
    const what = `a reply of ${this.#parts.fullName}`;
    this.#report(call, new TooLargeError(what, size, exceededSizeMax));
  }

  /** What goes beside an error, which goes alone when that cannot be sent. */
  #extraOf(call: ServerCall, error: RpcError): Uint8Array {
    // What another server said to the handler was said of that server.
    const isOwn = !isReplyError(error.cause);
    try {
      return call.replyExtra(isOwn ? error.metadata : noMetadata);
    } catch (problem) {
      this.#report(call, problem);
      return emptyBytes;
    }
  }

  /** What the caller is told of an error that was not meant for it. */
  #hidden(call: ServerCall, thrown: unknown): RpcError {
    this.#report(call, thrown);
    if (thrown instanceof TooLargeError)
      return new RpcError("resource_exhausted", thrown.message);
    return new RpcError(
      "internal",
      this.#parts.exposeErrors ? String(thrown) : "the handler failed",
      { cause: thrown },
    );
  }

  #report(call: ServerCall, problem: unknown): void {
    try {
      this.#parts.onError?.(problem, call);
    } catch {
      // A log that fails must not take the server with it: any caller could make it do so.
    }
  }

  #trace(event: string, promise: ReplyPromise): void {
    const { providers, fullName } = this.#parts;
    if (providers.trace.enabled)
      providers.trace.emit(event, { method: fullName, from: promise.peer.key });
  }
}

function isPromise(
  result: HandlerResult | Promise<HandlerResult>,
): result is Promise<HandlerResult> {
  return typeof (result as { then?: unknown } | undefined)?.then === "function";
}
