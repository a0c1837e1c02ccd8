/** The readers of the balancing suite's streams: they come, wait and leave. */
import { assertAlways } from "../../../../src/assertions/index.ts";
import {
  type CallOptions,
  createBalancedClient,
  createClient,
  type EndpointPool,
  isRpcError,
} from "../../../../src/index.ts";
import type { SimContext } from "../../../../src/runner/index.ts";
import { type TapesClient, TapesRpc } from "../../streams.ts";
import { type StreamEvent, streams } from "./events.ts";
import {
  type Item,
  itemsMax,
  type Order,
  type Request,
  write,
} from "./stream-server.ts";

/** Opens streams over the servers of a pool. */
export class BalancedReader {
  readonly #ctx: SimContext;
  readonly #pool: EndpointPool;
  readonly #tapes: TapesClient;

  constructor(ctx: SimContext, pool: EndpointPool) {
    this.#ctx = ctx;
    this.#pool = pool;
    this.#tapes = createBalancedClient(TapesRpc, pool.transport, pool);
  }

  /** Open one and go through it; now and then its reader leaves between two items, or while it waits for one. */
  async stream(id: string): Promise<void> {
    const { random } = this.#ctx;
    const kind = random.pick(["play", "dub", "record"] as const);
    const count = random.bool(0.03) ? random.range(40, 80) : random.range(0, 8);
    const leaves = kind !== "record" && random.bool(0.3);
    this.#emit({ kind: "opened", id, count: kind === "record" ? 0 : count });
    const told: number[] = [];
    const options: CallOptions = {
      // What is left is ended by nothing else.
      timeoutMs: leaves ? undefined : random.pick([300, 2_000, 20_000]),
      onReplyMetadata: ({ server }) => told.push(Number(server)),
    };
    let how: (StreamEvent & { kind: "over" })["how"];
    try {
      const order = { id, count, stays: leaves };
      how = await this.#read(kind, order, options);
    } catch (error) {
      if (!isRpcError(error)) throw error;
      how = error.delivery;
    }
    this.#emit({ kind: "over", id, how, told });
  }

  /** All streams have ended: before long no server has anything left of one. */
  async atRest(addresses: readonly string[]): Promise<void> {
    const { time } = this.#ctx;
    const untilMs = time.now() + 100_000;
    for (const address of addresses) {
      const { look } = createClient(TapesRpc, this.#pool.transport, address);
      const terms = { timeoutMs: 60_000 };
      let { cents } = await look.getReply({}, terms);
      while (cents > 0n && time.now() < untilMs) {
        await time.sleep(5_000);
        ({ cents } = await look.getReply({}, terms));
      }
      assertAlways(cents === 0n, "at rest no server streams", {
        address,
        cents,
      });
    }
  }

  async #read(
    kind: "play" | "record" | "dub",
    order: Order,
    options: CallOptions,
  ): Promise<"complete" | "left"> {
    const { id, count, stays } = order;
    if (kind === "record") {
      const requests = this.#requests(order);
      const { cents } = await this.#tapes.record(requests, options);
      assertAlways(
        cents === BigInt(count),
        "a balanced stream of requests is read to its end",
        { id, cents, count },
      );
      return "complete";
    }
    const items =
      kind === "play"
        ? this.#tapes.play(write(order), options)
        : this.#tapes.dub(this.#requests(order), options);
    const iterator = items[Symbol.asyncIterator]();
    try {
      if (stays) return await this.#leave(id, iterator);
      await this.#readAll(id, iterator);
      return "complete";
    } finally {
      // Not always: to ask again could put right what its end has left undone.
      if (this.#ctx.random.bool()) {
        const { done } = await iterator.next();
        assertAlways(done === true, "nothing comes after a balanced stream", {
          id,
        });
      }
    }
  }

  async #readAll(
    id: string,
    iterator: AsyncIterator<Item>,
    hasLeft: () => boolean = () => false,
  ): Promise<void> {
    for (;;) {
      const { done, value } = await iterator.next();
      if (done === true || hasLeft()) return;
      this.#got(id, value);
    }
  }

  /** Leave after a while, wherever the stream may be then. */
  async #leave(id: string, iterator: AsyncIterator<Item>): Promise<"left"> {
    const { random, time } = this.#ctx;
    let hasLeft = false;
    let endedMs: number | undefined;
    const reading = this.#readAll(id, iterator, () => hasLeft)
      .catch(ofCall)
      .then(() => (endedMs = time.now()));
    await time.sleep(random.range(0, 1_000));
    hasLeft = true;
    const leftMs = time.now();
    await iterator.return?.();
    await reading;
    assertAlways(
      (endedMs ?? Infinity) <= leftMs,
      "a balanced stream ends when its reader leaves",
      { id, endedMs, leftMs },
    );
    return "left";
  }

  #got(id: string, { cents }: Item): void {
    const server = Number(cents / itemsMax);
    this.#emit({ kind: "got", id, server, index: Number(cents % itemsMax) });
  }

  async *#requests(order: Order): AsyncGenerator<Request> {
    const { random, time } = this.#ctx;
    for (let index = 0; index < order.count; index += 1) {
      if (random.bool(0.1)) await time.sleep(random.range(1, 300));
      yield write(order, index);
    }
  }

  #emit(event: StreamEvent): void {
    this.#ctx.state.timeline(streams).emit(event);
  }
}

/** Whoever leaves does not mind how the stream fails. */
function ofCall(error: unknown): void {
  if (!isRpcError(error)) throw error;
}
