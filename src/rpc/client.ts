/** Calling a service. */
import { refuseUnknownOptions } from "../base/known-options.ts";
import {
  Endpoint,
  type RemoteAddress,
  toRemoteAddress,
  type UID,
} from "../core/index.ts";
import type { NetTransport } from "../transport/index.ts";
import type { HandlerContext } from "./call-options.ts";
import { checkTimeout } from "./call-terms.ts";
import { clientMethod } from "./client-method.ts";
import { type MessageCodec, protobufCodec } from "./codec.ts";
import { checkInterceptors, type ClientInterceptor } from "./interceptor.ts";
import { serviceToken } from "./service-token.ts";
import { type MethodSpec, type ServiceSpec } from "./spec.ts";

export interface ClientOptions {
  /**
   * How long a unary call may take when neither the call nor the contract says, in milliseconds; `Infinity` for no
   * limit. Default 10 000.
   */
  timeoutMs?: number | undefined;
  /** Default `protobufCodec`. */
  codec?: MessageCodec | undefined;
  /** What stands around every call, the first one outermost. Default: nothing. */
  interceptors?: readonly ClientInterceptor[] | undefined;
  /** The call that all calls of this client are made for, unless one says otherwise. Default: none. */
  parent?: HandlerContext | undefined;
}

/**
 * A client of a service. An address finds the service by its name; an `Endpoint`, say one that came in a message,
 * finds the one instance that it was made for. Nothing is connected before the first call. Throws `TypeError` or
 * `RangeError` for options that cannot be, `NetworkAddressParseError` for a text that is no address.
 */
export function createClient<Client>(
  spec: ServiceSpec<Client, unknown>,
  transport: NetTransport,
  to: string | RemoteAddress | Endpoint,
  options: ClientOptions = {},
): Client {
  checkClientOptions("a client", options, clientOptionNames);
  const { timeoutMs = 10_000, codec = protobufCodec } = options;
  const { interceptors = [], parent } = options;
  const base =
    to instanceof Endpoint
      ? to
      : new Endpoint(toRemoteAddress(to), serviceToken(spec));
  const peer = transport.peer(base.address);
  const client: Record<string, unknown> = {};
  for (const [key, method] of Object.entries(spec.methods)) {
    // A stream may be long: without a limit in its contract it has none.
    const usualMs = method.kind === "unary" ? timeoutMs : Infinity;
    client[key] = clientMethod({
      ...{ transport, peer, codec, interceptors, parent, method },
      service: spec as ServiceSpec,
      fullName: `${spec.name}.${method.name}`,
      token: methodToken(base.token, method),
      delivery: method.delivery,
      timeoutMs: method.timeoutMs ?? usualMs,
    });
  }
  return Object.freeze(client) as Client;
}

/** Refuse options that are not known, and values that cannot be. */
export function checkClientOptions(
  what: string,
  options: ClientOptions,
  names: readonly string[],
): void {
  refuseUnknownOptions(what, options, names);
  const { timeoutMs, interceptors } = options;
  if (timeoutMs !== undefined) checkTimeout(timeoutMs);
  checkInterceptors(interceptors);
}

/** What the contract says is known already: one object for all clients. */
function methodToken(service: UID, method: MethodSpec): UID {
  const token = service.adjusted(method.id);
  return token.equals(method.uid) ? method.uid : token;
}

export const clientOptionNames: readonly string[] = [
  "timeoutMs",
  "codec",
  "interceptors",
  "parent",
];
