/** Calling a service. */
import { refuseUnknownOptions } from "../base/known-options.ts";
import {
  Endpoint,
  type NetworkAddress,
  toAddress,
  type UID,
} from "../core/index.ts";
import type { NetTransport } from "../transport/index.ts";
import type { CallOptions } from "./call-options.ts";
import { type MessageCodec, protobufCodec } from "./codec.ts";
import { serviceToken } from "./service-token.ts";
import type { Delivery, MethodSpec, ServiceSpec } from "./spec.ts";
import {
  checkTimeout,
  type MethodBinding,
  type RequestInit,
  sendOneWay,
  startCall,
} from "./unary-call.ts";

export interface ClientOptions {
  /**
   * How long a call may take when neither the call nor the contract says, in milliseconds; `Infinity` for no limit.
   * Default 10 000.
   */
  timeoutMs?: number | undefined;
  /** Default `protobufCodec`. */
  codec?: MessageCodec | undefined;
}

/**
 * A client of a service. An address finds the service by its name; an `Endpoint`, say one that came in a message,
 * finds the one instance that it was made for. Nothing is connected before the first call.
 */
export function createClient<Client>(
  spec: ServiceSpec<Client, unknown>,
  transport: NetTransport,
  to: string | NetworkAddress | Endpoint,
  options: ClientOptions = {},
): Client {
  refuseUnknownOptions("a client", options, ["timeoutMs", "codec"]);
  const { timeoutMs = defaultTimeoutMs, codec = protobufCodec } = options;
  checkTimeout(timeoutMs);
  const base =
    to instanceof Endpoint
      ? to
      : new Endpoint(toAddress(to), serviceToken(spec));
  const peer = transport.peer(base.address);
  const client: Record<string, unknown> = {};
  for (const [key, method] of Object.entries(spec.methods)) {
    const fullName = `${spec.name}.${method.name}`;
    const token = methodToken(base.token, method);
    const { delivery, timeoutMs: contractMs } = method;
    const terms = { delivery, timeoutMs: contractMs ?? timeoutMs };
    client[key] = methodOf({
      transport,
      peer,
      codec,
      method,
      fullName,
      token,
      ...terms,
    });
  }
  return Object.freeze(client) as Client;
}

/** What the contract says is known already: one object for all clients. */
function methodToken(service: UID, method: MethodSpec): UID {
  const token = service.adjusted(method.id);
  return token.equals(method.uid) ? method.uid : token;
}

function methodOf(binding: MethodBinding): unknown {
  const once: MethodBinding = { ...binding, delivery: "one_way" };
  const send = (request: RequestInit): void => sendOneWay(once, request);
  if (binding.delivery === "one_way") return send;
  const by = (delivery: Delivery): Method => {
    const bound = { ...binding, delivery };
    return (request, options) => startCall(bound, request, options);
  };
  return Object.assign(by(binding.delivery), {
    errors: binding.method.errors,
    send,
    tryGetReply: by("at_most_once"),
    getReply: by("at_least_once"),
    getReplyUnlessFailedFor: by("at_least_once"),
  });
}

type Method = (request: RequestInit, options?: CallOptions) => Promise<unknown>;

const defaultTimeoutMs = 10_000;
