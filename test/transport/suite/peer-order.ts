/** Numbered messages in one direction: none comes twice that was sent once, and none overtakes on its connection. */
import {
  assertAlways,
  assertSometimes,
} from "../../../src/assertions/index.ts";
import { Endpoint, NetworkAddress, UID } from "../../../src/core/index.ts";
import {
  type Invariant,
  type SimContext,
  SimulationBuilder,
  type Workload,
} from "../../../src/runner/index.ts";
import { timelineKey, type TimelineKey } from "../../../src/sim/index.ts";
import {
  isReplyError,
  NetTransport,
  type ReplyPromise,
} from "../../../src/transport/index.ts";
import { readId, requestOf } from "./delivery-servers.ts";

const port = 4500;
const token = new UID(0x0de5, 1, 0, 0);

/** What a receiver got: from whom, by which connection, and the how-manieth it was. */
interface Received {
  readonly connection: string;
  readonly sender: number;
  readonly number: number;
}

const received: TimelineKey<Received> = timelineKey<Received>("received");
const sent: TimelineKey<{ sender: number; number: number }> = timelineKey<{
  sender: number;
  number: number;
}>("sent");

async function startReceiver(ctx: SimContext): Promise<AsyncDisposable> {
  const transport = await NetTransport.listen(ctx.providers, ctx.address(port));
  const receive = (promise: ReplyPromise): void => {
    const id = readId(promise.request);
    ctx.state.timeline(received).emit({
      connection: `${promise.peer.key} ${transport.incarnation}`,
      sender: Math.floor(id / 1_000_000),
      number: id % 1_000_000,
    });
    promise.send(promise.request);
  };
  transport.register(token, { receive });
  return transport;
}

/** Sends as fast as it may, now one way and now with an answer, and loses connections in between. */
class Sender implements Workload {
  readonly name = "sender";
  #sent = 0;
  #transport: NetTransport | undefined;

  async run(ctx: SimContext): Promise<void> {
    const transport = NetTransport.client(ctx.providers);
    const [address] = ctx.topology.addresses("receiver", port);
    const to = new Endpoint(NetworkAddress.parse(address as string), token);
    const pending: Promise<unknown>[] = [];
    while (!ctx.chaosOver) {
      for (let burst = ctx.random.range(1, 20); burst > 0; burst -= 1)
        pending.push(this.#send(ctx, transport, to));
      await ctx.time.sleep(ctx.random.range(1, 400));
    }
    await Promise.all(pending);
    this.#transport = transport;
  }

  /** What waits for a connection has found one by now. */
  async check(ctx: SimContext): Promise<void> {
    await ctx.time.sleep(30_000);
    const transport = this.#transport as NetTransport;
    const [address] = ctx.topology.addresses("receiver", port);
    const peer = transport.peer(address as string).metrics();
    assertAlways(peer.messageCount === 0, "at rest nothing waits", { ...peer });
    assertSometimes(peer.connectionsOpened > 1, "a connection is lost");
    await transport.close();
  }

  async #send(
    ctx: SimContext,
    transport: NetTransport,
    to: Endpoint,
  ): Promise<void> {
    this.#sent += 1;
    const number = this.#sent;
    ctx.state.timeline(sent).emit({ sender: ctx.index, number });
    const body = requestOf(ctx.index * 1_000_000 + number, 8);
    try {
      if (ctx.random.bool()) transport.send(to, body);
      else await transport.tryGetReply(to, body);
    } catch (error) {
      if (!isReplyError(error)) throw error;
      assertSometimes(error.code === "not_sent", "a message is never sent");
    }
  }
}

const orderInvariant = (): Invariant => {
  const known = new Set<string>();
  const seen = new Set<string>();
  const last = new Map<string, number>();
  return {
    name: "messages come once, in order, and from somebody",
    check(view) {
      for (
        let entry = view.next(sent);
        entry !== undefined;
        entry = view.next(sent)
      )
        known.add(`${entry.event.sender} ${entry.event.number}`);
      for (
        let entry = view.next(received);
        entry !== undefined;
        entry = view.next(received)
      ) {
        const { connection, sender, number } = entry.event;
        const key = `${sender} ${number}`;
        if (!known.has(key)) throw new Error(`nobody sent ${key}`);
        if (seen.has(key)) throw new Error(`${key} came twice`);
        if ((last.get(connection) ?? 0) >= number)
          throw new Error(`${key} was overtaken on its connection`);
        seen.add(key);
        last.set(connection, number);
      }
    },
  };
};

export const peerOrder: SimulationBuilder = new SimulationBuilder("peer order")
  .processes("receiver", {}, startReceiver)
  .workloads([1, 3], () => new Sender())
  .invariant(orderInvariant)
  .chaos({ network: "swarm", attrition: { maxDead: 1 } })
  .phases({ chaosMs: 10_000, recoveryMs: 60_000 });
