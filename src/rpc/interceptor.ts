/** What stands around calls, on either side. */
import type { Message } from "@bufbuild/protobuf";

import { checkFunctionOption } from "../base/known-options.ts";
import { shown } from "../base/shown.ts";
import type { Providers, RemoteAddress } from "../core/index.ts";
import type { CallOptions, HandlerContext } from "./call-options.ts";
import type { MethodSpec, ServiceSpec } from "./spec.ts";

/** A call as a client's interceptors see it. */
export interface OutgoingCall {
  readonly service: ServiceSpec;
  readonly method: MethodSpec;
  /** `bank.v1.BankService.Transfer` */
  readonly name: string;
  readonly to: RemoteAddress;
  /** The request, as the caller gave it; where requests are a stream, an `AsyncIterable` of them. */
  readonly request: unknown;
  /** What the caller said, and what its client adds: the `parent`, and the parent's `values`. */
  readonly options: Readonly<CallOptions>;
  /** The world of the client: its clock, its chance. */
  readonly providers: Providers;
}

/**
 * Stands around the calls of a client: may look at a call, change it (`next({ ...call, options })`), answer in its
 * place, call again, or turn its error into another. Answers the response, or where responses are a stream, an
 * `AsyncIterable` of them. The answer to a one-way message is `undefined`.
 */
export type ClientInterceptor = (
  call: OutgoingCall,
  next: (call: OutgoingCall) => Promise<unknown>,
) => Promise<unknown>;

/** A call as a server's interceptors see it. */
export interface IncomingCall {
  readonly service: ServiceSpec;
  readonly method: MethodSpec;
  /** The request; where requests are a stream, an `AsyncIterable` of them. */
  readonly request: Message | AsyncIterable<Message>;
  readonly context: HandlerContext;
  /** The world of the server: its clock, its chance. */
  readonly providers: Providers;
}

/** Stands around the handlers of a server: may refuse a call by throwing an `RpcError`, or do all that a client's may. */
export type ServerInterceptor = (
  call: IncomingCall,
  next: (call: IncomingCall) => Promise<unknown>,
) => Promise<unknown>;

type Interceptor<C> = (
  call: C,
  next: (call: C) => Promise<unknown>,
) => Promise<unknown>;

/** Refuse what is no list of functions, with `TypeError`: a check of who may call must not be passed over in silence. */
export function checkInterceptors(given: unknown): void {
  if (given === undefined) return;
  if (!Array.isArray(given))
    throw new TypeError(
      `interceptors must be an array, not ${shown(given)}: write [interceptor]`,
    );
  for (const [index, interceptor] of given.entries()) {
    const name = `interceptors[${index}]`;
    if (interceptor === undefined)
      throw new TypeError(`${name} must be a function, not undefined`);
    checkFunctionOption(name, interceptor);
  }
}

/** One function of many: the first interceptor is the outermost. */
export function chain<C>(
  interceptors: readonly Interceptor<C>[],
  innermost: (call: C) => unknown,
): (call: C) => Promise<unknown> {
  // Even what throws at once is a rejection to the one around it.
  const last = async (call: C): Promise<unknown> => innermost(call);
  return interceptors.reduceRight<(call: C) => Promise<unknown>>(
    (next, interceptor) => async (call) => interceptor(call, next),
    last,
  );
}
