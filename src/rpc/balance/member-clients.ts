/** The clients of single servers, behind a balanced one. */
import type { CallOptions } from "../call-options.ts";
import { type ClientOptions, createClient } from "../client.ts";
import type { ServiceSpec } from "../spec.ts";
import type { RequestInit } from "../unary-call.ts";
import type { EndpointPool } from "./endpoint-pool.ts";
import type { PoolMember } from "./pool-member.ts";

/** A method of a client, whatever its kind. */
export interface AnyMethod {
  (request: unknown, options?: CallOptions): unknown;
  /** Of unary methods. */
  tryGetReply(request: RequestInit, options: CallOptions): Promise<unknown>;
  /** Of unary and one-way methods. */
  send?(request: RequestInit): void;
}

type AnyClient = Readonly<Record<string, AnyMethod>>;

/** One client for each server, made when it is first seen, and gone with it. */
export class MemberClients {
  readonly pool: EndpointPool;
  readonly spec: ServiceSpec;
  readonly #options: ClientOptions;
  readonly #clients = new WeakMap<PoolMember, AnyClient>();

  /** Throws what `createClient` throws for these options, if there is a server to try. */
  constructor(pool: EndpointPool, spec: ServiceSpec, options: ClientOptions) {
    this.pool = pool;
    this.spec = spec;
    this.#options = options;
    for (const member of pool.members) this.#of(member);
  }

  method(member: PoolMember, key: string): AnyMethod {
    return this.#of(member)[key] as AnyMethod;
  }

  #of(member: PoolMember): AnyClient {
    let client = this.#clients.get(member);
    if (client === undefined) {
      const spec = this.spec as ServiceSpec<AnyClient>;
      const { transport } = this.pool;
      client = createClient(spec, transport, member.to, this.#options);
      this.#clients.set(member, client);
    }
    return client;
  }
}
