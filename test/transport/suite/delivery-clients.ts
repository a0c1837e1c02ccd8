/** The clients of the delivery suite: every way to ask, in proportions that differ from seed to seed. */
import {
  assertAlways,
  assertSometimes,
} from "../../../src/assertions/index.ts";
import { Endpoint, NetworkAddress, type UID } from "../../../src/core/index.ts";
import type { SimContext, Workload } from "../../../src/runner/index.ts";
import {
  isReplyError,
  NetTransport,
  type SendRequestOptions,
} from "../../../src/transport/index.ts";
import {
  deliveryPort,
  filteredToken,
  nobodyToken,
  plainToken,
  readId,
  requestOf,
} from "./delivery-servers.ts";
import { deliveries, type Mode } from "./events.ts";

const terms: Readonly<Record<Exclude<Mode, "one_way">, SendRequestOptions>> = {
  at_most_once: { delivery: "at_most_once" },
  at_least_once: { delivery: "at_least_once" },
  deduplicated: { delivery: "at_least_once" },
  unless_failed: { delivery: "at_least_once", failedForMs: 1_500 },
};

/** More than this at rest would be a leak: one connection to each server, and one that is being left. */
const restMs = 400_000;

/** Asks servers in all ways until chaos is over, and then until each of them answers. */
export class DeliveryClient implements Workload {
  readonly name = "client";
  readonly #pending = new Set<Promise<void>>();
  #transport!: NetTransport;
  #endpoints: NetworkAddress[] = [];
  #made = 0;

  async run(ctx: SimContext): Promise<void> {
    const addresses = ctx.topology.addresses("server", deliveryPort);
    this.#endpoints = addresses.map((text) => NetworkAddress.parse(text));
    this.#transport = NetTransport.client(ctx.providers);
    const operations = ctx.operations(this.#table(ctx));
    while (!ctx.chaosOver) {
      await operations.next();
      await ctx.time.sleep(ctx.random.range(0, 300));
    }
    await Promise.all(this.#pending);
  }

  /** The network is whole and everybody lives: whatever may be repeated is answered, and nothing is left over. */
  async check(ctx: SimContext): Promise<void> {
    const transport = this.#transport;
    for (const address of this.#endpoints) {
      const body = requestOf(this.#id(ctx), 4);
      const endpoint = new Endpoint(address, plainToken);
      ctx.state.timeline(deliveries).emit({
        ...{ kind: "asked", id: readId(body), mode: "at_least_once" },
        timeoutMs: 30_000,
      });
      const reply = await this.#patiently(ctx, endpoint, body);
      assertAlways(readId(reply) === readId(body), "a healed network answers");
    }
    const { callCount, deadlineCount } = transport.metrics();
    const waiting = this.#endpoints.map(
      (address) => transport.peer(address).metrics().messageCount,
    );
    assertAlways(
      callCount + deadlineCount + Math.max(...waiting) === 0 &&
        transport.failureMonitor.waiterCount === 0,
      "at rest nothing waits",
      { callCount, deadlineCount, waiting },
    );
    await ctx.time.sleep(restMs);
    const { connectionCount } = transport.metrics();
    assertAlways(connectionCount === 0, "at rest no connection is kept", {
      connectionCount,
    });
    await transport.close();
  }

  /** One-way messages of before may fill the queue until the remote is connected again. */
  async #patiently(
    ctx: SimContext,
    to: Endpoint,
    body: Uint8Array,
  ): Promise<Uint8Array> {
    for (let tries = 1; ; tries += 1) {
      try {
        const options = { timeoutMs: 30_000 };
        return await this.#transport.getReply(to, body, options);
      } catch (error) {
        if (!isReplyError(error, "queue_full") || tries === 60) throw error;
        await ctx.time.sleep(1_000);
      }
    }
  }

  #table(ctx: SimContext): Record<string, () => unknown> {
    const ask = (mode: Mode, token: UID) => (): void => {
      for (let burst = this.#burst(ctx); burst > 0; burst -= 1)
        this.#ask(ctx, mode, token);
    };
    return {
      send: ask("one_way", plainToken),
      atMostOnce: ask("at_most_once", plainToken),
      atLeastOnce: ask("at_least_once", plainToken),
      deduplicated: ask("deduplicated", filteredToken),
      unlessFailed: ask("unless_failed", plainToken),
      nobody: ask("at_most_once", nobodyToken),
      pause: () => ctx.time.sleep(ctx.random.range(1, 3_000)),
    };
  }

  #burst(ctx: SimContext): number {
    return ctx.random.bool(0.05) ? ctx.random.range(20, 100) : 1;
  }

  #ask(ctx: SimContext, mode: Mode, token: UID): void {
    const asking = this.#askOne(ctx, mode, token).finally(() =>
      this.#pending.delete(asking),
    );
    this.#pending.add(asking);
  }

  async #askOne(ctx: SimContext, mode: Mode, token: UID): Promise<void> {
    const { random } = ctx;
    const timeline = ctx.state.timeline(deliveries);
    const id = this.#id(ctx);
    const size = random.bool(0.05) ? random.range(10_000, 90_000) : 4;
    const body = requestOf(id, size);
    const to = new Endpoint(random.pick(this.#endpoints), token);
    // Who waits for ever finds out whether an end always comes.
    const timeoutMs = random.pick([300, 5_000, 20_000, Infinity]);
    timeline.emit({ kind: "asked", id, mode, timeoutMs });
    try {
      if (mode === "one_way") return this.#transport.send(to, body);
      const options = { ...terms[mode], timeoutMs };
      const { reply } = this.#transport.sendRequest(to, body, options);
      const same = sameBytes(await reply, body);
      timeline.emit({ kind: "replied", id, same });
    } catch (error) {
      if (!isReplyError(error)) throw error;
      const { code, details } = error;
      const { delivery } = details;
      timeline.emit({ kind: "failed", id, code, delivery });
      assertSometimes(delivery === "maybe", "a request is left in doubt");
    }
  }

  /** A number that no other request has. */
  #id(ctx: SimContext): number {
    this.#made += 1;
    return ctx.index * 1_000_000 + this.#made;
  }
}

function sameBytes(left: Uint8Array, right: Uint8Array): boolean {
  return (
    left.length === right.length &&
    left.every((byte, index) => byte === right[index])
  );
}
