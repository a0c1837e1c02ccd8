/** Streams over one of several servers. */
import type { CallOptions } from "../call-options.ts";
import type { Metadata } from "../metadata.ts";
import { RpcError } from "../rpc-error.ts";
import type { MethodKind } from "../spec.ts";
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
    : (input, options) => ({
        [Symbol.asyncIterator]: () => itemsOf(clients, key, [input, options]),
      });
}

type Arguments = readonly [input: unknown, options: CallOptions | undefined];

async function answerOf(
  clients: MemberClients,
  key: string,
  given: Arguments,
): Promise<unknown> {
  using use = begin(clients, key, given);
  return await clients.method(use.member, key)(...use.given);
}

async function* itemsOf(
  clients: MemberClients,
  key: string,
  given: Arguments,
): AsyncGenerator<unknown> {
  using use = begin(clients, key, given);
  const { member } = use;
  yield* clients.method(member, key)(...use.given) as AsyncIterable<unknown>;
}

/** A server, busy until this is disposed of. */
interface Use extends Disposable {
  readonly member: PoolMember;
  /** What the caller gave, and that what the server says of itself at the end is noted. */
  readonly given: Arguments;
}

function begin(
  { pool, spec }: MemberClients,
  key: string,
  [input, options]: Arguments,
): Use {
  const member = oneOf(pool, `${spec.name}.${key}`);
  const { time } = pool.transport.providers;
  const open = member.load.start(time.now());
  const dispose = (): void => member.load.endStream(open, time.now());
  const onReplyMetadata = (metadata: Metadata): void => {
    member.note(metadata);
    options?.onReplyMetadata?.(metadata);
  };
  const noting = { ...options, onReplyMetadata };
  return { member, given: [input, noting], [Symbol.dispose]: dispose };
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
