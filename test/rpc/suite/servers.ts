/** The servers of the suite: handlers that pause, fail, answer early, and note how each call ends. */
import { create } from "@bufbuild/protobuf";

import { UnknownAccountSchema } from "../../../gen/bank/v1/bank_pb.ts";
import { TimeError } from "../../../src/core/index.ts";
import {
  errorDetail,
  type HandlerContext,
  RpcError,
  serve,
  type ServerHandle,
} from "../../../src/rpc/index.ts";
import type { SimContext } from "../../../src/runner/index.ts";
import { NetTransport } from "../../../src/transport/index.ts";
import {
  type Order,
  read,
  type SuiteHandler,
  suitePort,
  SuiteRpc,
} from "./contract.ts";
import { calls, type CallEvent } from "./events.ts";

type Total = { readonly cents: bigint };

export async function startSuiteServer(
  ctx: SimContext,
): Promise<AsyncDisposable> {
  const transport = await NetTransport.listen(
    ctx.providers,
    ctx.address(suitePort),
  );
  const life = `${ctx.ip}@${transport.incarnation}`;
  const handle: ServerHandle = serve(
    transport,
    SuiteRpc,
    new Handlers(ctx, life, () => handle.runningCount),
  );
  return transport;
}

class Handlers implements SuiteHandler {
  readonly #ctx: SimContext;
  readonly #life: string;
  readonly #runningCount: () => number;

  constructor(ctx: SimContext, life: string, runningCount: () => number) {
    this.#ctx = ctx;
    this.#life = life;
    this.#runningCount = runningCount;
  }

  async once(
    request: { account: string },
    { signal }: HandlerContext,
  ): Promise<Total> {
    const { id } = this.#begin(request);
    // Who heeds the signal is not stopped by a lost connection: the call comes again.
    if (this.#ctx.random.bool())
      await this.#ctx.time.sleep(this.#ctx.random.range(1, 2_000), { signal });
    return { cents: BigInt(id) };
  }

  async wait(
    request: { account: string },
    { signal }: HandlerContext,
  ): Promise<Total> {
    const order = this.#begin(request);
    if (order.stopAt === 0) throw this.#declared(order);
    try {
      await this.#ctx.time.sleep(order.count, { signal });
      this.#ended(order, "complete");
    } catch (error) {
      this.#ended(order, "stopped");
      throw error;
    }
    return { cents: BigInt(order.id) };
  }

  async *play(
    request: { account: string },
    context: HandlerContext,
  ): AsyncGenerator<Total> {
    const order = this.#begin(request);
    let how = "stopped";
    try {
      for (let index = 0; index < order.count; index += 1) {
        if (index === order.stopAt) throw this.#declared(order);
        // Long ones are about windows, and would take for ever.
        if (order.count < 100 && this.#ctx.random.bool(0.1))
          await this.#pause(context);
        this.#sent(order, index);
        yield { cents: BigInt(index) };
      }
      if (order.stopAt === order.count) throw this.#declared(order);
      how = "complete";
    } finally {
      this.#ended(order, how);
    }
  }

  async record(
    requests: AsyncIterable<{ account: string }>,
    context: HandlerContext,
  ): Promise<Total> {
    let order: Order | undefined;
    let count = 0;
    let how = "over";
    try {
      for await (const request of requests) {
        order ??= this.#begin(request);
        this.#got(order, count);
        count += 1;
        if (count === order.stopAt) break;
        if (this.#ctx.random.bool(0.1)) await this.#pause(context);
      }
      if (count !== order?.stopAt) how = "read whole";
    } finally {
      if (order !== undefined) this.#ended(order, how);
    }
    return { cents: BigInt(count) };
  }

  async *dub(
    requests: AsyncIterable<{ account: string }>,
    context: HandlerContext,
  ): AsyncGenerator<Total> {
    let order: Order | undefined;
    let index = 0;
    let how = "over";
    try {
      for await (const request of requests) {
        order ??= this.#begin(request);
        this.#got(order, index);
        if (this.#ctx.random.bool(0.1)) await this.#pause(context);
        this.#sent(order, index);
        yield { cents: BigInt(index) };
        index += 1;
      }
      how = "read whole";
    } finally {
      if (order !== undefined) this.#ended(order, how);
    }
  }

  running(): Total {
    // This one runs, too.
    return { cents: BigInt(this.#runningCount() - 1) };
  }

  #begin(request: { account: string }): Order {
    const order = read(request);
    this.#emit({ kind: "ran", id: order.id, life: this.#life });
    return order;
  }

  /** Wait a little, unless nobody wants the rest. */
  async #pause({ signal }: HandlerContext): Promise<void> {
    const { random, time } = this.#ctx;
    try {
      await time.sleep(random.range(1, 300), { signal });
    } catch (error) {
      // What follows is up to whoever drives us: the stream is over.
      if (!(error instanceof RpcError || error instanceof TimeError))
        throw error;
    }
  }

  #declared({ id }: Order): RpcError {
    const detail = create(UnknownAccountSchema, { account: `${id}` });
    return new RpcError("not_found", "as ordered", {
      details: [errorDetail(UnknownAccountSchema, detail)],
    });
  }

  #sent({ id }: Order, index: number): void {
    this.#emit({ kind: "sent", id, way: "response", index, size: 0 });
  }

  #got({ id }: Order, index: number): void {
    this.#emit({ kind: "got", id, way: "request", index });
  }

  #ended({ id }: Order, how: string): void {
    this.#emit({ kind: "ended", id, side: "server", how });
  }

  #emit(event: CallEvent): void {
    this.#ctx.state.timeline(calls).emit(event);
  }
}
