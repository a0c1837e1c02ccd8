/** The streaming half of the balancing suite's servers, and what its requests and items say. */
import { assertAlways } from "../../../../src/assertions/index.ts";
import {
  type HandlerContext,
  type NetTransport,
  RpcError,
  serve,
  type ServerHandle,
} from "../../../../src/index.ts";
import type { SimContext } from "../../../../src/runner/index.ts";
import { TapesRpc } from "../../streams.ts";
import { type StreamEvent, streams } from "./events.ts";

export type Item = { readonly cents: bigint };
export type Request = { readonly account: string };

/** What a stream asks for. */
export interface Order {
  readonly id: string;
  /** How many items it has. */
  readonly count: number;
  /** Whether it goes on after them, without another one, for as long as anybody reads it. */
  readonly stays: boolean;
}

/** An order, and the number of the request, in the one field that the contract has. */
export function write({ id, count, stays }: Order, index = 0): Request {
  return { account: `${id}/${count}/${stays ? 1 : 0}/${index}` };
}

function read({ account }: Request): Order & { readonly index: number } {
  const [id = "", count, stays, index] = account.split("/");
  const numbers = { count: Number(count), index: Number(index) };
  return { id, ...numbers, stays: stays === "1" };
}

/** More than any stream has items. Few are enough here: windows are the other suite's. */
export const itemsMax: bigint = 100n;

/** Serve streams, of which each item says by which life of which server it was sent. */
export function serveStreams(ctx: SimContext, transport: NetTransport): void {
  const server = Number(BigInt.asUintN(32, transport.incarnation));
  const emit = (event: StreamEvent): void =>
    ctx.state.timeline(streams).emit(event);
  const item = (id: string, index: number): Item => {
    emit({ kind: "sent", id, index });
    return { cents: BigInt(server) * itemsMax + BigInt(index) };
  };
  const begin = (id: string, { replyMetadata }: HandlerContext): void => {
    emit({ kind: "ran", id, server });
    replyMetadata["server"] = `${server}`;
  };
  const work = async (): Promise<void> => {
    if (ctx.random.bool(0.2)) await ctx.time.sleep(ctx.random.range(1, 500));
    if (ctx.random.bool(0.02)) throw new RpcError("aborted", "no more");
  };
  const handle: ServerHandle = serve(transport, TapesRpc, {
    // This one runs, too.
    look: () => ({ cents: BigInt(handle.runningCount - 1) }),
    async *play(request, context) {
      const { id, count, stays } = read(request);
      begin(id, context);
      for (let index = 0; index < count; index += 1) {
        await work();
        yield item(id, index);
      }
      const { signal } = context;
      if (stays && !signal.aborted)
        await new Promise((resolve) => {
          signal.addEventListener("abort", resolve);
        });
    },
    record: async (requests, context) => {
      let next = 0;
      for await (const request of requests)
        next = inOrder(request, next, (id) => begin(id, context));
      return { cents: BigInt(next) };
    },
    async *dub(requests, context) {
      let next = 0;
      for await (const request of requests) {
        next = inOrder(request, next, (id) => begin(id, context));
        await work();
        yield item(read(request).id, next - 1);
      }
    },
  });
}

/** The number of the next request, if this one is what should come. */
function inOrder(
  request: Request,
  next: number,
  begin: (id: string) => void,
): number {
  const { id, index } = read(request);
  if (next === 0) begin(id);
  assertAlways(index === next, "requests of a balanced stream are in order", {
    id,
    index,
    next,
  });
  return next + 1;
}
