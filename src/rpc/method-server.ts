/** One method of a service, on the server's side. */
import type { Message } from "@bufbuild/protobuf";

import { emptyBytes } from "../base/bytes.ts";
import { shown } from "../base/shown.ts";
import type { MessageReceiver, ReplyPromise } from "../transport/index.ts";
import { encodeMessage } from "./encode-message.ts";
import { answerFailure, checkAnswerSize, report } from "./handler-failure.ts";
import { takesStream } from "./method-kind.ts";
import { ServerCall } from "./server-call.ts";
import {
  hasStreamsOf,
  requestsOf,
  respond,
  streamStopped,
} from "./server-streams.ts";
import type { HandlerResult, ServedMethod } from "./served-method.ts";

/**
 * Decodes each request, runs the handler, answers. Whatever happens to one request, the next is served: one that
 * cannot be read and a handler that throws are answers, too.
 */
export class MethodServer implements MessageReceiver {
  readonly #parts: ServedMethod;
  /** Handlers that have begun and not ended, whether or not anybody still waits for them. */
  #runningCount = 0;

  constructor(parts: ServedMethod) {
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
    if (this.admits(promise)) this.run(promise);
    else promise.sendError("unauthorized");
  }

  /** Whether this caller may call the method at all. A check that fails admits nobody, and stops nobody else. */
  admits(promise: ReplyPromise): boolean {
    const { method, isInside } = this.#parts;
    if (isInside === undefined || method.public === true) return true;
    try {
      const isCallerInside: unknown = isInside(promise);
      if (typeof isCallerInside === "boolean") return isCallerInside;
      const answer = shown(isCallerInside);
      throw new TypeError(`isInside must answer true or false, not ${answer}`);
    } catch (error) {
      report(this.#parts, new ServerCall(this.#parts, promise), error);
      return false;
    }
  }

  /** Run the handler, for a caller that was admitted. */
  run(promise: ReplyPromise): void {
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
    this.#parts.running.begin(call);
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

  /** Whether as many calls run as the contract allows. */
  get #isFull(): boolean {
    const { concurrency } = this.#parts.method;
    return concurrency !== undefined && this.#runningCount >= concurrency;
  }

  #follow(call: ServerCall, result: Promise<HandlerResult>): void {
    this.#parts.running.goOn(call);
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
    checkAnswerSize(this.#parts, call, body.length + extra.length);
  }

  #failed(call: ServerCall, thrown: unknown): void {
    call.end();
    if (thrown === streamStopped) call.promise[Symbol.dispose]();
    else answerFailure(this.#parts, call, thrown);
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
