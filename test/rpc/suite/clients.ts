/** The clients of the suite: calls of every kind, some of them left, cancelled or out of time. */
import {
  assertAlways,
  assertSometimes,
} from "../../../src/assertions/index.ts";
import {
  type CallOptions,
  createClient,
  declaredError,
  isRpcError,
} from "../../../src/rpc/index.ts";
import type { SimContext, Workload } from "../../../src/runner/index.ts";
import { NetTransport } from "../../../src/transport/index.ts";
import {
  type Order,
  type SuiteClient,
  suitePort,
  SuiteRpc,
  write,
} from "./contract.ts";
import { calls, type CallEvent, noted } from "./events.ts";

/** A call that may be given up. */
interface Attempt {
  readonly client: SuiteClient;
  readonly order: Order;
  readonly options: CallOptions;
}

/** How a stream is read. */
interface Reading {
  readonly stream: AsyncIterable<{ cents: bigint }>;
  /** After how many items its reader leaves. */
  readonly leaveAt: number;
  /** How likely a pause is after each item. */
  readonly pauses: number;
}

function wholly(
  stream: AsyncIterable<{ cents: bigint }>,
): Pick<Reading, "stream" | "leaveAt"> {
  return { stream, leaveAt: Infinity };
}

/** Calls servers in all ways until chaos is over, and then until each of them has nothing left to do. */
export class SuiteClients implements Workload {
  readonly name = "client";
  /** How often a reader pauses between two items. */
  readonly #pauses: number;
  readonly #pending = new Set<Promise<void>>();
  #transport!: NetTransport;
  #clients: SuiteClient[] = [];
  #made = 0;

  constructor({ pauses }: { readonly pauses: number }) {
    this.#pauses = pauses;
  }

  async run(ctx: SimContext): Promise<void> {
    this.#transport = NetTransport.client(ctx.providers);
    this.#clients = ctx.topology
      .addresses("server", suitePort)
      .map((address) => createClient(SuiteRpc, this.#transport, address));
    const operations = ctx.operations(this.#table(ctx));
    while (!ctx.chaosOver) {
      await operations.next();
      await ctx.time.sleep(ctx.random.range(0, 300));
    }
    await Promise.all(this.#pending);
  }

  /** All is well again: servers answer, and neither side has anything left of what went before. */
  async check(ctx: SimContext): Promise<void> {
    if (ctx.index === 0)
      for (const client of this.#clients) await this.#carries(ctx, client);
    // The others have come so far, too.
    await ctx.time.sleep(100_000);
    for (const client of this.#clients) {
      const { cents } = await client.running({}, { timeoutMs: 60_000 });
      assertAlways(cents === 0n, "at rest no handler runs", { cents });
    }
    const { callCount, deadlineCount } = this.#transport.metrics();
    assertAlways(callCount + deadlineCount === 0, "at rest nothing waits", {
      callCount,
      deadlineCount,
    });
    await this.#transport.close();
  }

  /** A stream of several windows gets through. */
  async #carries(ctx: SimContext, client: SuiteClient): Promise<void> {
    // A connect that began under chaos may still fail, and a stream with it.
    await client.running({}, { timeoutMs: 60_000 });
    this.#made += 1;
    const id = ctx.index * 1_000_000 + this.#made;
    const order = { id, count: 2_500, stopAt: -1 };
    const timeoutMs = 120_000;
    this.#emit(ctx, {
      ...{ kind: "began", id, method: "play", timeoutMs },
      responses: order.count,
    });
    const stream = client.play(write(order), { timeoutMs });
    const how = await this.#read(ctx, order, { ...wholly(stream), pauses: 0 });
    assertAlways(how === "complete", "a healed network carries a long stream");
    this.#emit(ctx, { kind: "ended", id, side: "client", how });
  }

  #table(ctx: SimContext): Record<string, () => unknown> {
    const doing = (method: keyof typeof SuiteRpc.methods) => (): void => {
      const calling = this.#call(ctx, method).finally(() =>
        this.#pending.delete(calling),
      );
      this.#pending.add(calling);
    };
    return {
      once: doing("once"),
      wait: doing("wait"),
      play: doing("play"),
      record: doing("record"),
      dub: doing("dub"),
      pause: () => ctx.time.sleep(ctx.random.range(1, 3_000)),
    };
  }

  async #call(ctx: SimContext, method: string): Promise<void> {
    const { random } = ctx;
    this.#made += 1;
    const order = {
      id: ctx.index * 1_000_000 + this.#made,
      count: random.bool(0.1)
        ? random.range(1_000, 3_000)
        : random.range(0, 20),
      stopAt: random.bool(0.3) ? random.range(0, 20) : -1,
    };
    const timeoutMs = random.pick([300, 5_000, 20_000, Infinity]);
    const giveUp = new AbortController();
    const timer =
      timeoutMs === Infinity || random.bool(0.2)
        ? ctx.time.schedule(random.range(1, 10_000), () => giveUp.abort())
        : undefined;
    this.#emit(ctx, {
      ...{ kind: "began", id: order.id, method, timeoutMs },
      responses: order.count,
    });
    const attempt: Attempt = {
      client: random.pick(this.#clients),
      order,
      options: { timeoutMs, signal: giveUp.signal },
    };
    const how = await this.#outcome(ctx, attempt, method);
    // From here on nothing but leaving the loop ends what was left.
    timer?.cancel();
    this.#emit(ctx, { kind: "ended", id: order.id, side: "client", how });
  }

  /** How a call ended for its caller. */
  async #outcome(
    ctx: SimContext,
    attempt: Attempt,
    method: string,
  ): Promise<string> {
    try {
      if (method === "play") return await this.#play(ctx, attempt);
      if (method === "record") return await this.#record(ctx, attempt);
      if (method === "dub") return await this.#dub(ctx, attempt);
      return await this.#ask(attempt, method === "once" ? "once" : "wait");
    } catch (error) {
      if (!isRpcError(error)) throw error;
      assertSometimes(error.delivery === "maybe", "a call is left in doubt");
      assertSometimes(error.code === "cancelled", "a call is cancelled");
      assertAlways(
        error.code !== "cancelled" || error.delivery !== "answered",
        "nobody but its caller cancels a call",
      );
      const declared = declaredError(error, attempt.client.play);
      if (declared === undefined) return error.code;
      assertAlways(
        declared.account === `${attempt.order.id}`,
        "a declared error is that of the call",
      );
      return "declared";
    }
  }

  async #ask(
    { client, order, options }: Attempt,
    method: "once" | "wait",
  ): Promise<string> {
    const { cents } = await client[method](write(order), options);
    assertAlways(cents === BigInt(order.id), "an answer is that of the call");
    return "complete";
  }

  async #play(ctx: SimContext, attempt: Attempt): Promise<string> {
    const { client, options } = attempt;
    const leaves = ctx.random.bool(0.2);
    // What is left has more to come than fits into any window.
    const order = leaves ? { ...attempt.order, count: 5_000 } : attempt.order;
    const stream = client.play(write(order), options);
    const leaving = leaves ? { leaveAt: ctx.random.range(1, 20) } : {};
    const reading = { ...wholly(stream), pauses: this.#pauses, ...leaving };
    return this.#read(ctx, order, reading);
  }

  async #record(ctx: SimContext, attempt: Attempt): Promise<string> {
    const { client, order, options } = attempt;
    const requests = this.#requests(ctx, order);
    const { cents } = await client.record(requests, options);
    const stops = order.stopAt > 0 && order.stopAt < order.count;
    assertAlways(
      cents === BigInt(stops ? order.stopAt : order.count),
      "a stream of requests is read as far as it should be",
      { cents, ...order },
    );
    return "complete";
  }

  async #dub(ctx: SimContext, attempt: Attempt): Promise<string> {
    const { client, order, options } = attempt;
    const stream = client.dub(this.#requests(ctx, order), options);
    const reading = { ...wholly(stream), pauses: this.#pauses };
    return this.#read(ctx, order, reading);
  }

  /** Go through a stream, now and then slowly. */
  async #read(
    ctx: SimContext,
    { id }: Order,
    { stream, leaveAt, pauses }: Reading,
  ): Promise<string> {
    let index = 0;
    for await (const { cents } of stream) {
      assertAlways(cents === BigInt(index), "items come in order");
      this.#emit(ctx, { kind: "got", id, way: "response", index });
      index += 1;
      if (index === leaveAt) return "left";
      if (ctx.random.bool(pauses))
        await ctx.time.sleep(ctx.random.range(1, 500));
    }
    return "complete";
  }

  #requests(ctx: SimContext, order: Order): AsyncIterable<{ account: string }> {
    const size = ctx.random.bool(0.1) ? 5_000 : 0;
    const source = async function* (): AsyncGenerator<{ account: string }> {
      for (let index = 0; index < order.count; index += 1) {
        if (ctx.random.bool(0.05))
          await ctx.time.sleep(ctx.random.range(1, 300));
        yield write(order, size);
      }
    };
    return noted(source(), (index) =>
      this.#emit(ctx, {
        kind: "sent",
        id: order.id,
        way: "request",
        index,
        size,
      }),
    );
  }

  #emit(ctx: SimContext, event: CallEvent): void {
    ctx.state.timeline(calls).emit(event);
  }
}
