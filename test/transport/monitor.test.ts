import test from "ava";

import { isPeerError, isReplyError } from "../../src/transport/index.ts";
import { bytes, echo, failure, inTank, serverAddress, silent } from "./tank.ts";

/** An answer that takes a while. */
const slow =
  (ms: number, schedule: (ms: number, callback: () => void) => unknown) =>
  (promise: { send(reply: Uint8Array): void; request: Uint8Array }): void => {
    schedule(ms, () => promise.send(promise.request));
  };

test.serial(
  "a remote that is gone without a word is found out by a ping, and the call is left in doubt",
  async (t) => {
    await inTank({ receive: silent }, async ({ client, network, world }) => {
      const call = client.tryGetReply(echo, bytes(1), { timeoutMs: 60_000 });
      await world.time.sleep(100);
      for (const circuit of network.circuits) circuit.crashPeer("server");
      const startMs = world.nowMs;
      const error = await t.throwsAsync(call);
      t.true(isReplyError(error, "maybe_delivered"));
      t.true(isPeerError(error?.cause, "ping_timed_out"), String(error?.cause));
      // Silence for an interval, then a ping that is waited for.
      t.true(world.nowMs - startMs <= 3_001, `${world.nowMs - startMs} ms`);
      t.is(client.metrics().pingsUnanswered, 1);
    });
  },
);

test.serial(
  "without a monitor nobody finds out, and the deadline ends the call",
  async (t) => {
    const peer = { monitor: false } as const;
    await inTank(
      { receive: silent, client: { peer } },
      async ({ client, network, world }) => {
        const call = client.tryGetReply(echo, bytes(1), { timeoutMs: 60_000 });
        await world.time.sleep(100);
        for (const circuit of network.circuits) circuit.crashPeer("server");
        t.deepEqual(await failure(call), ["deadline_exceeded", "maybe"]);
        t.is(client.metrics().pingsSent, 0);
      },
    );
  },
);

test.serial(
  "a slow answer is waited for, with pings that are answered",
  async (t) => {
    let schedule: (ms: number, callback: () => void) => unknown = () => 0;
    await inTank(
      { receive: (promise) => slow(8_000, schedule)(promise) },
      async ({ client, world }) => {
        schedule = (ms, callback) => world.time.schedule(ms, callback);
        await client.tryGetReply(echo, bytes(1), { timeoutMs: 60_000 });
        const { pings } = client.peer(serverAddress).metrics();
        t.true(pings.pingsSent >= 5 && pings.pingsSent <= 8);
        t.is(pings.pongsReceived, pings.pingsSent);
        t.is(pings.pingTimeouts, 0);
        t.true(pings.roundTripMinMs > 0);
        t.true(pings.roundTripMinMs <= pings.roundTripMaxMs);
      },
    );
  },
);

test.serial(
  "where bytes come in anyway no ping is sent, and none when nobody waits",
  async (t) => {
    await inTank({}, async ({ client, server, sleep }) => {
      for (let count = 0; count < 50; count += 1) {
        await client.tryGetReply(echo, bytes(count));
        await sleep(100);
      }
      await sleep(20_000);
      t.is(client.metrics().pingsSent, 0);
      t.is(server.metrics().pingsSent, 0);
      t.is(client.metrics().connectionCount, 1);
    });
  },
);

test.serial(
  "a connection that nobody needs is closed by whoever made it, and made anew",
  async (t) => {
    const peer = { idleTimeoutMs: 5_000 };
    await inTank({ client: { peer } }, async ({ client, server, sleep }) => {
      await client.tryGetReply(echo, bytes(1));
      await sleep(4_900);
      t.is(client.metrics().connectionCount, 1);
      await sleep(200);
      t.is(client.metrics().connectionCount, 0);
      t.is(server.metrics().connectionCount, 0);
      t.is(client.metrics().connectionsIdled, 1);
      t.is(client.failureMonitor.status(echo), "available");
      await client.tryGetReply(echo, bytes(1));
      t.is(server.metrics().connectionsAccepted, 2);
    });
  },
);

test.serial(
  "a server closes connections of clients that are gone for good",
  async (t) => {
    const peer = { idleTimeoutMs: 5_000 };
    await inTank(
      { server: { peer } },
      async ({ client, server, network, sleep }) => {
        await client.tryGetReply(echo, bytes(1));
        for (const circuit of network.circuits) circuit.crashPeer("client");
        await sleep(9_900);
        t.is(server.metrics().connectionCount, 1);
        await sleep(200);
        t.is(server.metrics().connectionCount, 0);
      },
    );
  },
);

test.serial(
  "a server that still owes a reply finds out that its caller is gone",
  async (t) => {
    await inTank(
      { receive: silent },
      async ({ client, server, network, sleep }) => {
        const call = client.tryGetReply(echo, bytes(1));
        await sleep(100);
        for (const circuit of network.circuits) circuit.crashPeer("client");
        t.deepEqual(await failure(call), ["maybe_delivered", "maybe"]);
        await sleep(3_100);
        t.is(server.metrics().connectionCount, 0);
        t.is(server.metrics().pingsUnanswered, 1);
      },
    );
  },
);
