/** Handlers of every kind that fail with metadata beside their errors, and what their callers see. */
import type { Providers } from "../../src/core/index.ts";
import {
  type CallOptions,
  createClient,
  type HandlerContext,
  isRpcError,
  type Metadata,
  RpcError,
  serve,
} from "../../src/rpc/index.ts";
import { SimWorld } from "../../src/sim/index.ts";
import { NetTransport } from "../../src/transport/index.ts";
import {
  address,
  names,
  type TapesClient,
  type TapesHandler,
  TapesRpc,
} from "./streams.ts";

/** What comes with the error of `refuse`. */
export const retryAfter: Metadata = { "retry-after": "2", shard: "7" };

/** Says on the way what goes beside the reply, and of the error what goes with it. */
export function refuse(context: HandlerContext): never {
  context.replyMetadata["retry-after"] = "9";
  context.replyMetadata["shard"] = "7";
  throw new RpcError("unavailable", "later", {
    metadata: { "retry-after": "2" },
  });
}

/** A handler of each kind that fails, those with streams after an item. */
export const refusing: TapesHandler = {
  look: (_, context) => refuse(context),
  async *play(_, context) {
    yield { cents: 1n };
    refuse(context);
  },
  record: async (requests, context) => {
    for await (const _ of requests) refuse(context);
    return {};
  },
  async *dub(requests, context) {
    for await (const _ of requests) {
      yield { cents: 1n };
      refuse(context);
    }
  },
};

/** How a call of each kind fails, and what its caller was told before. */
async function failures(client: TapesClient): Promise<unknown[]> {
  const found: unknown[] = [];
  const calls: readonly ((options: CallOptions) => Promise<unknown>)[] = [
    (options) => client.look({}, options),
    (options) => readAll(client.play({}, options)),
    (options) => client.record(names(1), options),
    (options) => readAll(client.dub(names(1), options)),
  ];
  for (const call of calls) {
    const told: Metadata[] = [];
    const error = await failureOf(
      call({ onReplyMetadata: (metadata) => told.push(metadata) }),
    );
    found.push([error.code, error.delivery, error.metadata, told]);
  }
  return found;
}

/** What `failures` finds where everything refuses. */
export const refused: readonly unknown[] = Array(4).fill([
  "unavailable",
  "answered",
  retryAfter,
  [retryAfter],
]);

async function readAll(stream: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of stream);
}

/** The error of a call that fails. */
export async function failureOf(call: Promise<unknown>): Promise<RpcError> {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!isRpcError(error)) throw new Error(`no RpcError: ${String(error)}`);
  return error;
}

/** The same over any network. */
export async function refusalsAt(
  ends: { readonly server: Providers; readonly client: Providers },
  at: string,
): Promise<unknown[]> {
  await using server = await NetTransport.listen(ends.server, at);
  await using handle = serve(server, TapesRpc, refusing);
  await using client = NetTransport.client(ends.client);
  return await failures(createClient(TapesRpc, client, handle.endpoint));
}

/** The same in a simulation. */
export async function simulatedRefusals(): Promise<unknown[]> {
  const world = new SimWorld({ seed: 1 });
  let found: unknown[] = [];
  await world.run(async () => {
    const server = world.providers("10.0.1.1");
    const client = world.providers("10.0.1.2");
    found = await refusalsAt({ server, client }, address);
  });
  return found;
}
