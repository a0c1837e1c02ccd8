/** The servers of the balancing suite: they do what is asked at once, late, never, or not at all. */
import { buggifyWithProb } from "../../../../src/assertions/index.ts";
import { NetTransport, RpcError, serve } from "../../../../src/index.ts";
import type { SimContext } from "../../../../src/runner/index.ts";
import { NotesRpc } from "../../notes.ts";
import { calls } from "./events.ts";
import { serveStreams } from "./stream-server.ts";

export const port = 4500;

export async function startServer(ctx: SimContext): Promise<AsyncDisposable> {
  const transport = await NetTransport.listen(ctx.providers, ctx.address(port));
  const server = `${ctx.ip}@${transport.incarnation}`;
  const run = async ({
    account: id,
  }: {
    account: string;
  }): Promise<{ cents: bigint }> => {
    if (buggifyWithProb("suite: a server is busy", 0.2))
      throw new RpcError("unavailable", "ask somebody else");
    ctx.state.timeline(calls).emit({ kind: "ran", id, server });
    if (ctx.random.bool()) await ctx.time.sleep(ctx.random.range(1, 1_500));
    if (ctx.random.bool(0.02)) await new Promise(() => undefined);
    return { cents: BigInt(id.split(" ").at(-1) ?? 0) };
  };
  const hint = async (request: { account: string }): Promise<void> =>
    void (await run(request).catch(() => undefined));
  serve(transport, NotesRpc, { write: run, read: run, hint });
  serveStreams(ctx, transport);
  return transport;
}
