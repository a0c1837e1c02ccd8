import test from "ava";

import { Endpoint, NetworkAddress } from "../../src/core/index.ts";
import { RequestStream } from "../../src/transport/index.ts";
import {
  bytes,
  echo,
  failure,
  inTank,
  serveEcho,
  serverIp,
  silent,
} from "./tank.ts";

test.serial(
  "a remote of which nothing is known is available, and so are we ourselves",
  async (t) => {
    await inTank({}, async ({ client, server }) => {
      const stranger = NetworkAddress.parse("10.9.9.9:1");
      t.is(client.failureMonitor.status(stranger), "available");
      t.is(server.failureMonitor.status(echo), "available");
      t.deepEqual(await server.tryGetReply(echo, bytes(1)), bytes(1));
    });
  },
);

test.serial(
  "an address fails when no connection can be made, and is back with the next one",
  async (t) => {
    await inTank({}, async ({ client, world }) => {
      const { failureMonitor: monitor } = client;
      await client.tryGetReply(echo, bytes(1));
      world.kill(serverIp);
      await monitor.whenStatus(echo, "failed");
      t.is(monitor.reason(echo), "connection_lost");
      const back = monitor.whenStatus(echo.address, "available");
      await world.time.sleep(3_000);
      t.is(monitor.reason(echo), "connect_failed");
      const server = await serveEcho(world);
      // Nobody calls: who waits for it to come back is reason enough to try.
      await back;
      t.is(monitor.reason(echo), undefined);
      t.is(monitor.waiterCount, 0);
      await server.close();
    });
  },
);

test.serial(
  "a disconnect between the look and the wait is not missed",
  async (t) => {
    await inTank({}, async ({ client, network, world }) => {
      const { failureMonitor: monitor } = client;
      await client.tryGetReply(echo, bytes(1));
      const before = monitor.disconnects(echo.address);
      network.circuits[0]?.server.reset();
      await world.time.sleep(1_000);
      await client.getReply(echo, bytes(1));
      t.is(monitor.status(echo), "available", "it came and went");
      await monitor.whenDisconnected(echo.address, before);
      await t.throwsAsync(
        monitor.whenDisconnected(echo.address, undefined, {
          signal: AbortSignal.abort(new Error("enough")),
        }),
        { message: "enough" },
      );
      t.is(monitor.waiterCount, 0);
    });
  },
);

test.serial(
  "failed for a time means without a break, and from the question on",
  async (t) => {
    await inTank({}, async ({ client, world }) => {
      const { failureMonitor: monitor } = client;
      const startMs = world.nowMs;
      let told = false;
      world.kill(serverIp);
      const waiting = monitor
        .whenFailedFor(echo, 10_000)
        .then(() => (told = true));
      await world.time.sleep(3_000);
      const server = await serveEcho(world);
      await monitor.whenStatus(echo, "available");
      await world.time.sleep(12_000);
      t.false(told, "it came back in between");
      await server.close();
      world.kill(serverIp);
      await waiting;
      t.true(world.nowMs - startMs >= 25_000);
    });
  },
);

test.serial(
  "a call that gives up on a failed remote says whether it may have run",
  async (t) => {
    await inTank({ receive: silent }, async ({ client, world }) => {
      const options = { failedForMs: 2_000, timeoutMs: Infinity };
      const call = client.getReplyUnlessFailedFor(echo, bytes(1), options);
      await world.time.sleep(100);
      world.kill(serverIp);
      t.deepEqual(await failure(call), ["peer_failed", "maybe"]);
      const next = client.getReplyUnlessFailedFor(echo, bytes(1), options);
      t.deepEqual(await failure(next), ["peer_failed", "not_sent"]);
      t.is(client.failureMonitor.waiterCount, 0);
      t.is(client.metrics().deadlineCount, 0);
    });
  },
);

test.serial(
  "a call that gives up on failed remotes outlives a short failure",
  async (t) => {
    await inTank({}, async ({ client, world }) => {
      world.kill(serverIp);
      const call = client.getReplyUnlessFailedFor(echo, bytes(5), {
        failedForMs: 6_000,
      });
      await world.time.sleep(2_000);
      const server = await serveEcho(world);
      t.deepEqual(await call, bytes(5));
      t.is(client.failureMonitor.waiterCount, 0);
      await server.close();
    });
  },
);

test.serial(
  "an endpoint of a life that is over is gone for good; one by name is not",
  async (t) => {
    await inTank({}, async ({ client, server, world }) => {
      const stream = new RequestStream(server);
      const { endpoint } = stream;
      const byName = new Endpoint(endpoint.address, echo.token.adjusted(9));
      t.deepEqual(await failure(client.tryGetReply(byName, bytes(1))), [
        "endpoint_not_found",
        "answered",
      ]);
      t.false(client.failureMonitor.isGone(byName));
      t.is(client.failureMonitor.status(endpoint), "available");
      stream[Symbol.dispose]();
      await failure(client.tryGetReply(endpoint, bytes(1)));
      t.true(client.failureMonitor.isGone(endpoint));
      t.is(client.failureMonitor.reason(endpoint), "not_found");
      t.is(client.failureMonitor.status(echo), "available");
      const sent = client.metrics().framesSent;
      t.deepEqual(await failure(client.tryGetReply(endpoint, bytes(1))), [
        "endpoint_not_found",
        "not_sent",
      ]);
      t.is(client.metrics().framesSent, sent, "nothing is sent in vain");
      const other = new RequestStream(server).endpoint;
      world.kill(serverIp);
      const next = await serveEcho(world);
      await client.getReply(echo, bytes(1));
      t.true(client.failureMonitor.isGone(other));
      await next.close();
    });
  },
);

test.serial("a broken promise does not fail an endpoint", async (t) => {
  await inTank(
    { receive: (promise) => promise[Symbol.dispose]() },
    async ({ client }) => {
      t.deepEqual(await failure(client.tryGetReply(echo, bytes(1))), [
        "broken_promise",
        "maybe",
      ]);
      t.is(client.failureMonitor.status(echo), "available");
    },
  );
});

test.serial("a wait for news keeps nothing when it is given up", async (t) => {
  await inTank({}, async ({ client, world }) => {
    const giveUp = new AbortController();
    const { failureMonitor: monitor } = client;
    const { signal } = giveUp;
    const waits = [
      monitor.whenStatus(echo, "failed", { signal }),
      monitor.whenChanged(echo, { signal }),
      monitor.whenDisconnected(echo.address, undefined, { signal }),
      monitor.whenDisconnectedOrFailed(echo, { signal }),
      monitor.whenFailedFor(echo, 100, { signal }),
    ];
    await world.time.sleep(1_000);
    t.is(monitor.waiterCount, waits.length);
    giveUp.abort(new Error("enough"));
    for (const { status } of await Promise.allSettled(waits))
      t.is(status, "rejected");
    t.is(monitor.waiterCount, 0);
    t.is(client.metrics().deadlineCount, 0);
  });
});
