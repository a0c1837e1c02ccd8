/** What a balanced call is given. */
import type { CallOptions } from "../call-options.ts";
import type { RequestInit } from "../unary-call.ts";
import type { EndpointPool } from "./endpoint-pool.ts";
import type { PoolMember } from "./pool-member.ts";

/** All that balanced calls of one method, in one way, have in common. */
export interface BalancedMethod {
  readonly pool: EndpointPool;
  readonly fullName: string;
  /** Whether the call may run twice: the contract, or the caller, said so. */
  readonly mayRunTwice: boolean;
  /** Whether two servers may be asked at once: only the contract can say so. */
  readonly mayBackUp: boolean;
  /** Asks one server, at most once, so that this side knows what became of it. */
  ask(
    member: PoolMember,
    request: RequestInit,
    options: CallOptions,
  ): Promise<unknown>;
}

/** What is asked. */
export interface Question {
  readonly request: RequestInit;
  readonly options: CallOptions;
  readonly timeoutMs: number;
}

export interface Settle {
  readonly resolve: (response: unknown) => void;
  readonly reject: (error: unknown) => void;
}
