/** Streams over one of several servers. */
import type { CallOptions } from "../call-options.ts";
import { LazyStream } from "../lazy-stream.ts";
import type { Metadata } from "../metadata.ts";
import type { MethodKind } from "../spec.ts";
import { RpcError } from "../rpc-error.ts";
import type { OpenRequest } from "./overdue-requests.ts";
import type { EndpointPool } from "./endpoint-pool.ts";
import type { MemberClients } from "./member-clients.ts";
import type { PoolMember } from "./pool-member.ts";

type Stream = (input: unknown, options?: CallOptions) => unknown;

/**
 * A streaming method: the server is chosen when the stream begins, and counts as busy with it until it ends. What was
 * streamed cannot be taken back, so nothing is tried again.
 */
export function balancedStream(
  clients: MemberClients,
  key: string,
  kind: Exclude<MethodKind, "unary">,
): Stream {
  return kind === "client_streaming"
    ? (input, options) => answerOf(clients, key, [input, options])
    : (input, options) =>
        new LazyStream(() => itemsOf(clients, key, [input, options]));
}

type Arguments = readonly [input: unknown, options: CallOptions | undefined];

async function answerOf(
  clients: MemberClients,
  key: string,
  given: Arguments,
): Promise<unknown> {
  using use = new Use(clients, key);
  return await use.call(given);
}

function itemsOf(
  clients: MemberClients,
  key: string,
  given: Arguments,
): AsyncIterator<unknown> {
  const use = new Use(clients, key);
  try {
    const items = use.call(given) as AsyncIterable<unknown>;
    return new BusyStream(use, items[Symbol.asyncIterator]());
  } catch (error) {
    use[Symbol.dispose]();
    throw error;
  }
}

/** What one server streams. No generator, which would not let anybody leave while it waits for an item. */
class BusyStream implements AsyncIterator<unknown> {
  readonly #use: Use;
  readonly #items: AsyncIterator<unknown>;

  constructor(use: Use, items: AsyncIterator<unknown>) {
    this.#use = use;
    this.#items = items;
  }

  next(): Promise<IteratorResult<unknown>> {
    return this.#items.next().then(this.#took, this.#broke);
  }

  async return(): Promise<IteratorResult<unknown>> {
    this.#use[Symbol.dispose]();
    await this.#items.return?.();
    return { done: true, value: undefined };
  }

  readonly #took = (
    result: IteratorResult<unknown>,
  ): IteratorResult<unknown> => {
    if (result.done === true) this.#use[Symbol.dispose]();
    return result;
  };

  readonly #broke = (error: unknown): never => {
    this.#use[Symbol.dispose]();
    throw error;
  };
}

/** A server that is busy with a stream, from now until this is disposed of. */
class Use implements Disposable {
  readonly #clients: MemberClients;
  readonly #key: string;
  readonly #member: PoolMember;
  /** How it counts, for as long as it does. */
  #open: OpenRequest | undefined;

  /** Throws `RpcError` when there is no server at all. */
  constructor(clients: MemberClients, key: string) {
    const { pool, spec } = clients;
    this.#clients = clients;
    this.#key = key;
    this.#member = oneOf(pool, `${spec.name}.${key}`);
    this.#open = this.#member.load.start(this.#nowMs);
  }

  /** Begin the stream; what the server says of itself at its end is noted. */
  call([input, options]: Arguments): unknown {
    const onReplyMetadata = (metadata: Metadata): void => {
      this.#member.note(metadata);
      options?.onReplyMetadata?.(metadata);
    };
    const method = this.#clients.method(this.#member, this.#key);
    return method(input, { ...options, onReplyMetadata });
  }

  [Symbol.dispose](): void {
    if (this.#open === undefined) return;
    this.#member.load.endStream(this.#open, this.#nowMs);
    this.#open = undefined;
  }

  get #nowMs(): number {
    return this.#clients.pool.transport.providers.time.now();
  }
}

/** The server that seems best now, even if none seems in reach. Throws `RpcError` when there is none at all. */
export function oneOf(pool: EndpointPool, what: string): PoolMember {
  const member = pool.choose(nobody)?.first ?? pool.members[0];
  if (member !== undefined) return member;
  throw new RpcError("unavailable", `there is no server of ${what}`, {
    delivery: "not_sent",
  });
}

const nobody: ReadonlySet<PoolMember> = new Set();
