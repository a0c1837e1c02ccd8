/** What a client offers for each method of its service. */
import type { CallOptions, HandlerContext } from "./call-options.ts";
import {
  chain,
  type ClientInterceptor,
  type OutgoingCall,
} from "./interceptor.ts";
import { LazyStream, PromisedStream } from "./lazy-stream.ts";
import { takesStream } from "./method-kind.ts";
import type { Delivery, ServiceSpec } from "./spec.ts";
import { streamRequests, streamResponses } from "./stream-call.ts";
import {
  type MethodBinding,
  type RequestInit,
  sendOneWay,
  startCall,
} from "./unary-call.ts";

/** All that calls of one method by one client have in common. */
export interface ClientMethodParts extends MethodBinding {
  readonly service: ServiceSpec;
  readonly interceptors: readonly ClientInterceptor[];
  readonly parent: HandlerContext | undefined;
}

/** Starts a call: answers a promise, an iterable, or nothing at all. */
type Invoke = (request: unknown, options?: CallOptions) => unknown;

/** The function to call, with its ways to be called differently. */
export function clientMethod(parts: ClientMethodParts): unknown {
  const { delivery, method } = parts;
  const { errors } = method;
  const send = invoking(parts, "one_way");
  if (delivery === "one_way") return send;
  if (method.kind !== "unary")
    return Object.assign(invoking(parts, "at_most_once"), { errors });
  return Object.assign(invoking(parts, delivery), {
    errors,
    send,
    tryGetReply: invoking(parts, "at_most_once"),
    getReply: invoking(parts, "at_least_once"),
    getReplyUnlessFailedFor: invoking(parts, "at_least_once"),
  });
}

function invoking(parts: ClientMethodParts, delivery: Delivery): Invoke {
  const plain = plainly({ ...parts, delivery });
  const { parent, interceptors } = parts;
  if (interceptors.length > 0) return intercepted(parts, delivery, plain);
  return parent === undefined
    ? plain
    : (request, options) => plain(request, { parent, ...options });
}

function plainly(binding: MethodBinding): Invoke {
  const { method, delivery } = binding;
  if (delivery === "one_way")
    return (request, options) =>
      sendOneWay(binding, request as RequestInit, options?.metadata);
  if (method.kind === "unary")
    return (request, options) =>
      startCall(binding, request as RequestInit, options);
  return takesStream(method.kind)
    ? (request, options) => streamResponses(binding, request, options)
    : (request, options) => streamRequests(binding, request, options);
}

function intercepted(
  parts: ClientMethodParts,
  delivery: Delivery,
  invoke: Invoke,
): Invoke {
  const { service, method, fullName: name, peer, parent } = parts;
  const { providers } = parts.transport;
  const subject = { service, method, name, to: peer.address, providers };
  const run = chain<OutgoingCall>(parts.interceptors, (call) =>
    invoke(call.request, call.options),
  );
  const begin = (request: unknown, options: CallOptions = {}) =>
    run({ ...subject, request, options: inherited(options, parent) });
  if (delivery === "one_way")
    return (request) => {
      // Nobody waits for it: what becomes of it is told to the interceptors alone.
      providers.tasks.spawn(name, () => begin(request).catch(() => undefined));
    };
  return takesStream(method.kind)
    ? (request, options) =>
        new LazyStream(
          () =>
            new PromisedStream(
              begin(request, options) as Promise<AsyncIterable<unknown>>,
            ),
        )
    : begin;
}

/** What the caller said, and what follows from the call that this one is made for. */
function inherited(
  options: CallOptions,
  parent: HandlerContext | undefined,
): CallOptions {
  const given = parent === undefined ? options : { parent, ...options };
  return given.parent === undefined || given.values !== undefined
    ? given
    : { ...given, values: given.parent.values };
}
