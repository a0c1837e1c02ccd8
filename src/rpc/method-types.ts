/** What the methods of a client and of a handler look like, by kind. Generated interfaces are made of these. */
import type {
  DescMessage,
  MessageInitShape,
  MessageShape,
} from "@bufbuild/protobuf";

import type { CallOptions, HandlerContext } from "./call-options.ts";

/** What every method of a client carries along: the errors that the contract declares, for `declaredError`. */
export interface Declaring<E extends DescMessage = never> {
  readonly errors: readonly E[];
}

/** A unary method as a client sees it: call it, or say how hard to try. */
export interface UnaryMethod<
  I extends DescMessage,
  O extends DescMessage,
  E extends DescMessage = never,
> extends Declaring<E> {
  // Calls with the delivery that the contract chose. No doc comment, so that editors show the one of the contract.
  (
    request: MessageInitShape<I>,
    options?: CallOptions,
  ): Promise<MessageShape<O>>;
  /** Send it once and do not wait for an answer: it may be lost without a trace. */
  send(request: MessageInitShape<I>): void;
  /** Send it at most once. A broken connection rejects with `delivery: "maybe"`. */
  tryGetReply(
    request: MessageInitShape<I>,
    options?: CallOptions,
  ): Promise<MessageShape<O>>;
  /** Send it at least once: again over every new connection, until an answer, the deadline or the signal. */
  getReply(
    request: MessageInitShape<I>,
    options?: CallOptions,
  ): Promise<MessageShape<O>>;
  /**
   * Send it at least once, but give up when the server has been unreachable for `failedForMs` milliseconds without a
   * break.
   */
  getReplyUnlessFailedFor(
    request: MessageInitShape<I>,
    options: CallOptions & { failedForMs: number },
  ): Promise<MessageShape<O>>;
}

/** A one-way method as a client sees it: nothing is answered, so nothing is awaited. */
export type OneWayMethod<I extends DescMessage> = (
  request: MessageInitShape<I>,
) => void;

/**
 * A method whose server answers with a stream. Nothing is sent before the first item is asked for; leaving the loop
 * cancels the call. It ends with the connection that it runs over: what it had not delivered is not sent again.
 */
export interface ServerStreamingMethod<
  I extends DescMessage,
  O extends DescMessage,
  E extends DescMessage = never,
> extends Declaring<E> {
  (
    request: MessageInitShape<I>,
    options?: CallOptions,
  ): AsyncIterable<MessageShape<O>>;
}

/** A method that takes a stream and answers once. The server may answer before it has read all of it. */
export interface ClientStreamingMethod<
  I extends DescMessage,
  O extends DescMessage,
  E extends DescMessage = never,
> extends Declaring<E> {
  (
    requests: AsyncIterable<MessageInitShape<I>>,
    options?: CallOptions,
  ): Promise<MessageShape<O>>;
}

/** A method with a stream each way, each at its own pace. */
export interface BidiStreamingMethod<
  I extends DescMessage,
  O extends DescMessage,
  E extends DescMessage = never,
> extends Declaring<E> {
  (
    requests: AsyncIterable<MessageInitShape<I>>,
    options?: CallOptions,
  ): AsyncIterable<MessageShape<O>>;
}

/** A unary method as a server writes it. A plain object will do as response. */
export type UnaryHandler<I extends DescMessage, O extends DescMessage> = (
  request: MessageShape<I>,
  context: HandlerContext,
) => MessageInitShape<O> | Promise<MessageInitShape<O>>;

/** A one-way method as a server writes it. */
export type OneWayHandler<I extends DescMessage> = (
  request: MessageShape<I>,
  context: HandlerContext,
) => void | Promise<void>;

/** Answers with a stream: an `async *` method. It is asked for an item when the client has room for it. */
export type ServerStreamingHandler<
  I extends DescMessage,
  O extends DescMessage,
> = (
  request: MessageShape<I>,
  context: HandlerContext,
) => AsyncIterable<MessageInitShape<O>>;

/** Reads a stream and answers once. What it leaves unread is dropped, and its sender stopped. */
export type ClientStreamingHandler<
  I extends DescMessage,
  O extends DescMessage,
> = (
  requests: AsyncIterable<MessageShape<I>>,
  context: HandlerContext,
) => MessageInitShape<O> | Promise<MessageInitShape<O>>;

/** Reads one stream and answers with another. */
export type BidiStreamingHandler<
  I extends DescMessage,
  O extends DescMessage,
> = (
  requests: AsyncIterable<MessageShape<I>>,
  context: HandlerContext,
) => AsyncIterable<MessageInitShape<O>>;
