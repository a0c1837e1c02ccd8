/** A method as somebody serves it. */
import type {
  DescMessage,
  Message,
  MessageInitShape,
} from "@bufbuild/protobuf";

import type { NetworkAddress, Providers } from "../core/index.ts";
import type { DeadlineQueue } from "../transport/index.ts";
import type { HandlerContext } from "./call-options.ts";
import type { MessageCodec } from "./codec.ts";
import type { RunningCalls } from "./running-calls.ts";
import type { MethodSpec } from "./spec.ts";

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
export interface ServedMethod {
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
