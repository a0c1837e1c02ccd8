/** What the tries of one call add up to. */
import { type DeliveryOutcome, isReplyError } from "../../transport/index.ts";
import type { Metadata } from "../metadata.ts";
import { isRpcError, RpcError, type RpcErrorCode } from "../rpc-error.ts";

/**
 * Remembers how the requests of a call failed, and makes the error that its caller sees.
 *
 * 1. What perhaps ran once is in doubt for good: no later try that surely did not run can take that back.
 * 2. What a handler says is an answer, whatever was tried before it.
 */
export class OutcomeOfTries {
  readonly #fullName: string;
  /** Knows what keeps its servers from being asked at all. */
  readonly #pool: { readonly trouble: unknown };
  #delivery: DeliveryOutcome = "not_sent";
  #last: unknown;
  #lastMetadata: Metadata | undefined;

  constructor(fullName: string, pool: { readonly trouble: unknown }) {
    this.#fullName = fullName;
    this.#pool = pool;
  }

  /** What came with the last error, for a caller that wants to know. */
  get lastMetadata(): Metadata | undefined {
    return this.#lastMetadata;
  }

  /** A request failed. */
  add(error: unknown, metadata?: Metadata): void {
    this.#last = error;
    this.#lastMetadata = metadata;
    if (!isRpcError(error)) this.#delivery = "maybe";
    else if (rank[error.delivery] > rank[this.#delivery])
      this.#delivery = error.delivery;
  }

  /** The last error, in the light of those before it. */
  last(): unknown {
    const error = this.#last;
    if (!isRpcError(error) || error.delivery === this.#delivery) return error;
    if (isReplyError(error.cause, "application")) return error;
    const { code, rawMessage, details, metadata, cause } = error;
    const delivery = this.#delivery;
    const rest = { delivery, details, metadata, cause };
    return new RpcError(code, rawMessage, rest);
  }

  timeIsUp(timeoutMs: number): RpcError {
    const text = `no server answered within ${timeoutMs} ms`;
    return this.#error("deadline_exceeded", text);
  }

  outOfReach(serverCount: number): RpcError {
    return this.#error("unavailable", `none of ${serverCount} can be reached`);
  }

  cancelled(reason: unknown): RpcError {
    return this.#error("cancelled", "the caller gave up", reason);
  }

  #error(
    code: RpcErrorCode,
    text: string,
    cause = this.#last ?? this.#pool.trouble,
  ): RpcError {
    const delivery = this.#delivery;
    const message = `${text}: ${this.#fullName}`;
    return new RpcError(code, message, { delivery, cause });
  }
}

/** What weighs more when there were several. */
const rank: Readonly<Record<DeliveryOutcome, number>> = {
  not_sent: 0,
  answered: 1,
  maybe: 2,
};
