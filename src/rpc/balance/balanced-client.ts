/** Calling a service that several servers offer. */
import type { NetTransport } from "../../transport/index.ts";
import type { CallOptions, HandlerContext } from "../call-options.ts";
import { obstacleTo, timeoutOf } from "../call-terms.ts";
import {
  checkClientOptions,
  clientOptionNames,
  type ClientOptions,
} from "../client.ts";
import type { Delivery, MethodSpec, ServiceSpec } from "../spec.ts";
import type { RequestInit } from "../unary-call.ts";
import type { BalanceOptions } from "./balance-config.ts";
import { BalancedCall } from "./balanced-call.ts";
import type { BalancedMethod } from "./balanced-method.ts";
import { balancedStream, oneOf } from "./balanced-stream.ts";
import { EndpointPool } from "./endpoint-pool.ts";
import { MemberClients } from "./member-clients.ts";
import type { PoolAddress } from "./pool-member.ts";

export interface BalancedClientOptions extends ClientOptions {
  /** How calls are spread. Not together with a pool, which has its own. */
  balance?: BalanceOptions | undefined;
}

/**
 * A client like that of `createClient`, of a service that several servers offer alike. Each unary call asks the server
 * that has least to do; what surely did not run, and what may run twice, is asked of the next one if that fails; and a
 * method that may run twice is asked of a second server when the first takes unusually long. A stream is asked of one
 * server, and ends with it.
 *
 * Interceptors stand around each request that is made, of which a call may need several; and a request must not be
 * changed before its call has ended. Give an `EndpointPool` where servers come and go, where
 * several services are offered by the same servers, or to see what happens. Throws `TypeError` or `RangeError`.
 */
export function createBalancedClient<Client>(
  spec: ServiceSpec<Client, unknown>,
  transport: NetTransport,
  servers: readonly PoolAddress[] | EndpointPool,
  options: BalancedClientOptions = {},
): Client {
  checkClientOptions("a balanced client", options, balancedOptionNames);
  const { balance, ...rest } = options;
  const { timeoutMs = defaultTimeoutMs, parent } = rest;
  const pool = poolOf(transport, servers, balance);
  const clients = new MemberClients(pool, spec, rest);
  const client: Record<string, unknown> = {};
  for (const [key, method] of Object.entries(spec.methods))
    client[key] = methodOf({ clients, key, method, timeoutMs, parent });
  return Object.freeze(client) as Client;
}

function poolOf(
  transport: NetTransport,
  servers: readonly PoolAddress[] | EndpointPool,
  balance: BalanceOptions | undefined,
): EndpointPool {
  if (!(servers instanceof EndpointPool))
    return new EndpointPool(transport, servers, balance);
  if (balance !== undefined)
    throw new TypeError(
      "a pool has its own options: give `balance` to the pool instead",
    );
  if (servers.transport !== transport)
    throw new TypeError(
      "the pool belongs to another transport: make one for this",
    );
  return servers;
}

/** One method, in whatever way it is called. */
interface Entry {
  readonly clients: MemberClients;
  readonly key: string;
  readonly method: MethodSpec;
  readonly timeoutMs: number;
  readonly parent: HandlerContext | undefined;
}

function methodOf(entry: Entry): unknown {
  const { method, clients, key } = entry;
  if (method.kind !== "unary")
    return Object.assign(balancedStream(clients, key, method.kind), {
      errors: method.errors,
    });
  const send = (request: RequestInit): void => sendToOne(entry, request);
  if (method.delivery === "one_way") return send;
  const by = (delivery: Delivery): Method => callBy(entry, delivery);
  return Object.assign(by(method.delivery), {
    errors: method.errors,
    send,
    tryGetReply: by("at_most_once"),
    getReply: by("at_least_once"),
    getReplyUnlessFailedFor: by("at_least_once"),
  });
}

type Method = (request: RequestInit, options?: CallOptions) => Promise<unknown>;

function callBy(entry: Entry, delivery: Delivery): Method {
  const { clients, key, method } = entry;
  const mayRunTwice = delivery === "at_least_once";
  const balanced: BalancedMethod = {
    pool: clients.pool,
    fullName: `${clients.spec.name}.${method.name}`,
    mayRunTwice,
    mayBackUp: mayRunTwice && method.delivery === "at_least_once",
    ask: (member, request, options) => {
      try {
        return clients.method(member, key).tryGetReply(request, options);
      } catch (error) {
        // Even what it throws at once is the end of a request.
        return Promise.reject(error as Error);
      }
    },
  };
  const usualMs = method.timeoutMs ?? entry.timeoutMs;
  return (request, given) => {
    const { parent } = entry;
    const options = parent === undefined ? given : { parent, ...given };
    const timeoutMs = timeoutOf(options, usualMs);
    const obstacle = obstacleTo(options, timeoutMs);
    if (obstacle !== undefined) return Promise.reject(obstacle);
    return new Promise((resolve, reject) => {
      const question = { request, options: options ?? {}, timeoutMs };
      new BalancedCall(balanced, question, { resolve, reject }).start();
    });
  };
}

/** Nothing will be told of it, so it goes to whoever seems best now. */
function sendToOne({ clients, key }: Entry, request: RequestInit): void {
  const member = oneOf(clients.pool, `${clients.spec.name}.${key}`);
  const method = clients.method(member, key);
  (method.send ?? method)(request);
}

const balancedOptionNames = [...clientOptionNames, "balance"];

/** As for `createClient`. */
const defaultTimeoutMs = 10_000;
