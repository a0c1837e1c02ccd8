/** What is left of addresses that come and go. */
import test from "ava";

import { Endpoint, NetworkAddress } from "../../src/core/index.ts";
import {
  NetTransport,
  type OutgoingRequest,
  type Peer,
} from "../../src/transport/index.ts";
import { bytes, echo, echoToken, failure, inPair, inTank } from "./tank.ts";

const forgetAfterMs = 10_000;
const idleTimeoutMs = 1_000;
const peer = { forgetAfterMs, idleTimeoutMs };

/** Whether a place is taken there or not, nobody lives at these. */
const emptyEndpoints = (count: number): Endpoint[] =>
  Array.from({ length: count }, (_, index) => {
    const ip = `10.9.${index >> 8}.${index & 255}`;
    return new Endpoint(NetworkAddress.parse(`${ip}:1`), echoToken);
  });

test.serial(
  "addresses that were called and are gone leave nothing behind",
  async (t) => {
    const client = { peer };
    await inTank({ client }, async ({ client: transport, sleep }) => {
      const { failureMonitor } = transport;
      await transport.getReply(echo, bytes(1));
      for (const to of emptyEndpoints(300))
        await failure(transport.tryGetReply(to, bytes(1), { timeoutMs: 50 }));
      t.is(transport.metrics().peerCount, 301);
      t.is(failureMonitor.size, 301);
      await sleep(2 * forgetAfterMs + idleTimeoutMs);
      t.is(transport.metrics().peerCount, 0);
      t.is(failureMonitor.size, 0);
      t.deepEqual(await transport.getReply(echo, bytes(2)), bytes(2));
      t.is(transport.metrics().peerCount, 1);
    });
  },
);

test.serial(
  "addresses that came and went leave nothing behind either",
  async (t) => {
    const server = { peer };
    await inTank({ server }, async ({ world, server: transport, sleep }) => {
      for (const { address } of emptyEndpoints(50)) {
        const ip = address.host;
        const visitor = await NetTransport.listen(
          world.providers(ip),
          `${ip}:4500`,
          { peer },
        );
        visitor.register(echoToken, { receive: (got) => got.send(bytes(3)) });
        await visitor.getReply(echo, bytes(1));
        const back = visitor.endpoint(echoToken);
        t.deepEqual(await transport.getReply(back, bytes(1)), bytes(3));
        await visitor.close();
      }
      t.is(transport.metrics().peerCount, 50);
      t.is(transport.metrics().connectionsAccepted, 50);
      await sleep(2 * forgetAfterMs + idleTimeoutMs);
      const { peerCount, connectionCount } = transport.metrics();
      t.deepEqual([peerCount, connectionCount], [0, 0]);
      t.is(transport.failureMonitor.size, 0);
    });
  },
);

test.serial(
  "a peer is kept while it is connected, while a call waits for it, and while somebody waits for news of it",
  async (t) => {
    const [called, watched] = emptyEndpoints(2) as [Endpoint, Endpoint];
    const client = { peer: { forgetAfterMs } };
    await inTank({ client }, async ({ client: transport, sleep }) => {
      await transport.getReply(echo, bytes(1));
      const giveUp = new AbortController();
      const { signal } = giveUp;
      const waits = [
        transport.getReply(called, bytes(1), { timeoutMs: Infinity, signal }),
        transport.failureMonitor.whenDisconnected(watched.address, 0, {
          signal,
        }),
      ];
      const peers = [echo, called, watched].map(({ address }) =>
        transport.peer(address),
      );
      await sleep(5 * forgetAfterMs);
      t.is(transport.metrics().peerCount, 3);
      for (const kept of peers) t.is(transport.peer(kept.address), kept);
      giveUp.abort(new Error("enough"));
      for (const wait of waits) await t.throwsAsync(wait);
      await sleep(2 * forgetAfterMs + idleTimeoutMs);
      t.is(transport.metrics().peerCount, 1, "the connection stands");
    });
  },
);

test.serial(
  "a peer that somebody has kept is as good as new: it comes back, or another one serves for it",
  async (t) => {
    const client = { peer };
    await inTank({ client }, async ({ client: transport, sleep }) => {
      const kept = transport.peer(echo.address);
      await sleep(2 * forgetAfterMs + idleTimeoutMs);
      t.is(transport.metrics().peerCount, 0);
      t.deepEqual(await ask(transport, kept), bytes(5));
      t.is(transport.peer(echo.address), kept);
      await sleep(2 * forgetAfterMs + idleTimeoutMs);
      const other = transport.peer(echo.address);
      t.not(other, kept);
      t.deepEqual(await ask(transport, kept), bytes(5));
      t.is(other.metrics().messagesSent, 1);
      t.is(transport.metrics().peerCount, 1);
    });
  },
);

test.serial(
  "whoever remembers how often an address was lost is told of a loss that was forgotten",
  async (t) => {
    await inPair({ peer }, async ({ world, left, toRight }) => {
      await left.getReply(toRight, bytes(1));
      const { failureMonitor } = left;
      const before = failureMonitor.disconnects(toRight.address);
      world.network.circuits[0]?.client.reset();
      await world.time.sleep(2 * forgetAfterMs + idleTimeoutMs);
      t.is(failureMonitor.size, 0);
      await failureMonitor.whenDisconnected(toRight.address, before);
      t.pass();
    });
  },
);

/** Ask by a peer that was kept, as typed clients do. */
function ask(transport: NetTransport, by: Peer): Promise<Uint8Array> {
  return new Promise((replied, failed) => {
    const request: OutgoingRequest = {
      token: echoToken,
      body: bytes(5),
      extra: bytes(),
      streams: undefined,
      delivery: "at_most_once",
      timeoutMs: 1_000,
      replied,
      failed,
    };
    transport.start(by, request);
  });
}
