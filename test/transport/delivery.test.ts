import test from "ava";

import { Endpoint, toRemoteAddress, UID } from "../../src/core/index.ts";
import {
  isPeerError,
  isReplyError,
  MessagingError,
  NetTransport,
  type ReplyPromise,
  RequestStream,
} from "../../src/transport/index.ts";
import {
  bytes,
  clientIp,
  failure,
  echo,
  echoToken,
  inTank,
  serveEcho,
  serverAddress,
  serverIp,
  silent,
} from "./tank.ts";

test.serial(
  "a client without a listener gets its reply on the connection it made",
  async (t) => {
    await inTank({}, async ({ client, server }) => {
      t.deepEqual(
        await client.tryGetReply(echo, bytes(1, 2, 3)),
        bytes(1, 2, 3),
      );
      t.deepEqual(await client.getReply(echo, bytes()), bytes());
      t.is(server.metrics().connectionsAccepted, 1);
      t.is(server.metrics().peerCount, 0);
    });
  },
);

test.serial(
  "at rest nothing remains: no call, no deadline, soon no connection, and at last no peer",
  async (t) => {
    await inTank({}, async ({ client, server, world, sleep }) => {
      await Promise.all(
        Array.from({ length: 100 }, (_, at) =>
          client.getReply(echo, bytes(at)),
        ),
      );
      await sleep(1_000);
      const { callCount, deadlineCount } = client.metrics();
      t.deepEqual(
        { callCount, deadlineCount },
        { callCount: 0, deadlineCount: 0 },
      );
      t.is(server.metrics().deadlineCount, 0);
      t.is(client.peer(serverAddress).metrics().messageCount, 0);
      await sleep(400_000);
      t.is(client.metrics().connectionCount, 0);
      t.is(server.metrics().connectionCount, 0);
      await sleep(1_000_000);
      t.is(client.metrics().peerCount, 0);
      t.is(world.pending, 0);
    });
  },
);

test.serial(
  "a message to one's own address is encoded, and delivered later",
  async (t) => {
    await inTank({}, async ({ server }) => {
      const body = bytes(1, 2);
      const reply = server.getReply(echo, body);
      t.is(server.metrics().dispatched, 0);
      const answer = await reply;
      t.deepEqual(answer, body);
      t.not(answer.buffer, body.buffer);
      t.is(server.metrics().connectionsAccepted, 0);
    });
  },
);

test.serial(
  "a request to a token where nobody listens is answered, and one-way messages are counted",
  async (t) => {
    await inTank({}, async ({ client, server, sleep }) => {
      const nowhere = echo.adjusted(7);
      t.deepEqual(await failure(client.tryGetReply(nowhere, bytes())), [
        "endpoint_not_found",
        "answered",
      ]);
      t.deepEqual(await failure(client.getReply(nowhere, bytes())), [
        "endpoint_not_found",
        "answered",
      ]);
      client.send(nowhere, bytes());
      await sleep(100);
      t.is(server.metrics().undelivered, 3);
    });
  },
);

test.serial(
  "an at-most-once call to a machine where nobody listens was not sent",
  async (t) => {
    await inTank({}, async ({ client, server }) => {
      await server.close();
      const error = await t.throwsAsync(client.tryGetReply(echo, bytes()));
      t.true(isReplyError(error, "not_sent"));
      t.true(isPeerError(error?.cause, "connect_failed"));
      t.is(client.metrics().deadlineCount, 0);
    });
  },
);

test.serial(
  "an at-most-once call whose connection breaks may have been delivered",
  async (t) => {
    await inTank({ receive: silent }, async ({ client, network, sleep }) => {
      const outcome = failure(
        client.tryGetReply(echo, bytes(), { timeoutMs: 60_000 }),
      );
      await sleep(100);
      network.partition(clientIp, serverIp);
      // Bytes that a partition holds for too long break the connection.
      client.send(echo, bytes());
      t.deepEqual(await outcome, ["maybe_delivered", "maybe"]);
      t.is(client.peer(serverAddress).metrics().connectionsLost, 1);
    });
  },
);

test.serial(
  "of what waits when a connection breaks, only what was sent is in doubt",
  async (t) => {
    await inTank(
      { world: { network: { windowBytes: 1_000 } }, receive: silent },
      async ({ client, network, sleep }) => {
        await sleep(1);
        const sent = failure(
          client.tryGetReply(echo, bytes(1), { timeoutMs: 60_000 }),
        );
        await sleep(100);
        network.partition(clientIp, serverIp);
        const held = failure(
          client.tryGetReply(echo, new Uint8Array(500_000), {
            timeoutMs: 60_000,
          }),
        );
        await sleep(100);
        // The write of those bytes has not ended, so this one waits behind it and was given to no connection.
        const waiting = client.tryGetReply(echo, bytes(2), {
          timeoutMs: 60_000,
        });
        const end = failure(waiting);
        t.deepEqual(await sent, ["maybe_delivered", "maybe"]);
        t.deepEqual(await held, ["maybe_delivered", "maybe"]);
        t.deepEqual(await end, ["not_sent", "not_sent"]);
      },
    );
  },
);

test.serial(
  "an at-least-once call is sent again over the next connection, and answered",
  async (t) => {
    const seen: number[] = [];
    let lives = 0;
    const receive = (promise: ReplyPromise): void => {
      seen.push(promise.request[0] as number);
      if (lives > 0) promise.send(promise.request);
    };
    await inTank({ receive }, async ({ client, server, world, sleep }) => {
      const replies = [1, 2, 3].map((id) =>
        client.getReply(echo, bytes(id), { timeoutMs: 60_000 }),
      );
      await sleep(100);
      t.deepEqual(seen, [1, 2, 3]);
      await server.close();
      lives += 1;
      await serveEcho(world, { receive });
      t.deepEqual(await Promise.all(replies), [bytes(1), bytes(2), bytes(3)]);
      t.deepEqual(seen, [1, 2, 3, 1, 2, 3]);
      t.is(client.peer(serverAddress).metrics().messagesResent, 3);
    });
  },
);

test.serial(
  "a call made while the connection is being made waits for it",
  async (t) => {
    await inTank({}, async ({ client }) => {
      const replies = [1, 2, 3].map((id) =>
        client.tryGetReply(echo, bytes(id)),
      );
      t.is(client.peer(serverAddress).state, "connecting");
      t.deepEqual(await Promise.all(replies), [bytes(1), bytes(2), bytes(3)]);
      t.is(client.peer(serverAddress).metrics().connectAttempts, 1);
    });
  },
);

test.serial(
  "a deadline ends a call, and says whether it was sent",
  async (t) => {
    await inTank({ receive: silent }, async ({ client, network, world }) => {
      const before = world.nowMs;
      t.deepEqual(
        await failure(client.getReply(echo, bytes(), { timeoutMs: 50 })),
        ["deadline_exceeded", "maybe"],
      );
      t.is(Math.round(world.nowMs - before), 50);
      network.partition(clientIp, "10.0.1.3");
      const away = new Endpoint(toRemoteAddress(`${serverIp}:9`), echoToken);
      network.partition(clientIp, serverIp);
      t.deepEqual(
        await failure(client.getReply(away, bytes(), { timeoutMs: 50 })),
        ["deadline_exceeded", "not_sent"],
      );
      network.healAll();
      t.is(client.metrics().callCount, 0);
    });
  },
);

test.serial("the server knows when its caller gives up", async (t) => {
  let promise: ReplyPromise | undefined;
  await inTank(
    { receive: (given) => (promise = given) },
    async ({ client, server, sleep }) => {
      const outcome = failure(
        client.getReply(echo, bytes(), { timeoutMs: 500 }),
      );
      const patient = client.sendRequest(echo, bytes(), {
        delivery: "at_most_once",
        timeoutMs: Infinity,
      });
      await sleep(100);
      t.is(promise?.deadlineMs, Infinity);
      patient[Symbol.dispose]();
      await outcome;
      promise?.send(bytes(1));
      await sleep(100);
      t.is(client.metrics().repliesUnexpected, 1);
      t.is(server.metrics().repliesDropped, 0);
    },
  );
});

test.serial(
  "a caller's signal ends its call, before and after it was sent, and leaves no listener",
  async (t) => {
    await inTank({ receive: silent }, async ({ client, sleep }) => {
      const gone = AbortSignal.abort(new Error("no longer wanted"));
      t.deepEqual(
        await failure(client.getReply(echo, bytes(), { signal: gone })),
        ["cancelled", "not_sent"],
      );
      const controller = new AbortController();
      const outcome = client.tryGetReply(echo, bytes(), {
        signal: controller.signal,
      });
      await sleep(100);
      controller.abort(new Error("changed my mind"));
      const error = await t.throwsAsync(outcome);
      t.true(
        isReplyError(error, "cancelled") && error.details.delivery === "maybe",
      );
      t.is(
        (error as Error).cause instanceof Error &&
          (error as Error & { cause: Error }).cause.message,
        "changed my mind",
      );
      t.is(client.metrics().callCount, 0);
    });
  },
);

test.serial("a future that is disposed of forgets its request", async (t) => {
  await inTank({ receive: silent }, async ({ client, sleep }) => {
    const future = client.sendRequest(echo, bytes(), {
      delivery: "at_least_once",
    });
    await sleep(100);
    future[Symbol.dispose]();
    t.is(client.metrics().callCount, 0);
    t.deepEqual(await failure(future.reply), ["cancelled", "maybe"]);
  });
});

test.serial(
  "a queue that is full refuses with a typed error, and never in silence",
  async (t) => {
    await inTank(
      { client: { peer: { messageCountMax: 3, messageBytesMax: 1_000 } } },
      async ({ client }) => {
        const taken = [1, 2, 3].map((id) => client.getReply(echo, bytes(id)));
        const error = await t.throwsAsync(client.getReply(echo, bytes(4)));
        t.true(
          isReplyError(error, "queue_full") &&
            error.details.delivery === "not_sent",
        );
        t.true(isPeerError(error?.cause, "queue_full"));
        t.true(
          isReplyError(
            t.throws(() => client.send(echo, bytes(5))),
            "queue_full",
          ),
        );
        t.is((await Promise.all(taken)).length, 3);
        t.deepEqual(
          await failure(client.getReply(echo, new Uint8Array(1_001))),
          ["queue_full", "not_sent"],
        );
        t.deepEqual(await client.getReply(echo, bytes(6)), bytes(6));
      },
    );
  },
);

test.serial(
  "a request above either side's limit is refused before it can end the connection",
  async (t) => {
    await inTank(
      { server: { payloadSizeMax: 100 } },
      async ({ client, server }) => {
        const large = new Uint8Array(200);
        t.deepEqual(await failure(client.getReply(echo, large)), [
          "packet_too_large",
          "not_sent",
        ]);
        t.deepEqual(await failure(client.tryGetReply(echo, large)), [
          "packet_too_large",
          "not_sent",
        ]);
        t.deepEqual(
          await failure(client.tryGetReply(echo, new Uint8Array(2_000_000))),
          ["packet_too_large", "not_sent"],
        );
        t.deepEqual(
          await client.getReply(echo, new Uint8Array(76)),
          new Uint8Array(76),
        );
        t.is(server.metrics().violations, 0);
        t.is(server.metrics().connectionsAccepted, 1);
      },
    );
  },
);

test.serial(
  "a reply above the caller's limit becomes an error, and the connection lives",
  async (t) => {
    const receive = (promise: ReplyPromise): void =>
      promise.send(new Uint8Array(promise.request.length === 0 ? 500 : 1));
    await inTank(
      { receive, client: { payloadSizeMax: 100 } },
      async ({ client }) => {
        t.deepEqual(await failure(client.getReply(echo, bytes())), [
          "reply_too_large",
          "answered",
        ]);
        t.is((await client.getReply(echo, bytes(1))).length, 1);
        t.is(client.metrics().violations, 0);
      },
    );
  },
);

test.serial("a large body travels whole, beside small ones", async (t) => {
  await inTank({}, async ({ client }) => {
    const sizes = [0, 10, 8_191, 8_192, 100_000, 3, 1_048_552 - 24];
    const replies = sizes.map((size) =>
      client.getReply(echo, new Uint8Array(size).fill(size & 0xff)),
    );
    for (const [at, reply] of (await Promise.all(replies)).entries()) {
      const size = sizes[at] as number;
      t.is(reply.length, size);
      t.true(reply.every((byte) => byte === (size & 0xff)));
    }
  });
});

test.serial(
  "a promise that is dropped breaks: at most once ends there, at least once tries again",
  async (t) => {
    let drops = 2;
    const receive = (promise: ReplyPromise): void => {
      using dropped = promise;
      drops -= 1;
      if (drops < 0) dropped.send(bytes(9));
    };
    await inTank({ receive }, async ({ client, sleep }) => {
      t.deepEqual(await failure(client.tryGetReply(echo, bytes())), [
        "broken_promise",
        "maybe",
      ]);
      t.deepEqual(await client.getReply(echo, bytes()), bytes(9));
      drops = 1_000;
      t.deepEqual(
        await failure(client.getReply(echo, bytes(), { timeoutMs: 1_000 })),
        ["deadline_exceeded", "maybe"],
      );
      t.true(
        drops > 980 && drops < 996,
        `${1_000 - drops} attempts in a second`,
      );
      const seen = drops;
      await sleep(1_000);
      t.is(drops, seen);
    });
  },
);

test.serial(
  "a receiver's own error reaches the caller with its body",
  async (t) => {
    const receive = (promise: ReplyPromise): void => {
      promise.sendError("application", bytes(1, 2));
      promise.send(bytes(3));
    };
    await inTank({ receive }, async ({ client }) => {
      const error = await t.throwsAsync(client.getReply(echo, bytes()));
      t.true(isReplyError(error, "application"));
      if (isReplyError(error, "application"))
        t.deepEqual(error.details.body, bytes(1, 2));
    });
  },
);

test.serial(
  "RequestStream serves in order, refuses above its bound, and breaks what it leaves behind",
  async (t) => {
    await inTank({}, async ({ client, server, sleep }) => {
      const stream = new RequestStream(server, { queueLengthMax: 2 });
      const outcomes = [1, 2, 3].map((id) =>
        failure(client.tryGetReply(stream.endpoint, bytes(id))),
      );
      await sleep(100);
      t.deepEqual(await outcomes[2], ["overloaded", "answered"]);
      const first = await stream.next();
      t.deepEqual(first?.request, bytes(1));
      first?.send(bytes());
      t.deepEqual(await outcomes[0], ["none", "none"]);
      const waiting = stream.next();
      t.deepEqual((await waiting)?.request, bytes(2));
      const never = stream.next();
      const queuedLater = failure(
        client.tryGetReply(echo.adjusted(1), bytes()),
      );
      stream[Symbol.dispose]();
      t.is(await never, undefined);
      t.is(await stream.next(), undefined);
      t.deepEqual(await queuedLater, ["endpoint_not_found", "answered"]);
    });
  },
);

test.serial(
  "RequestStream breaks the promises of all that is queued when it is disposed of",
  async (t) => {
    await inTank({}, async ({ client, server, sleep }) => {
      const stream = new RequestStream(server, { token: new UID(9, 9, 9, 9) });
      const outcomes = [1, 2].map((id) =>
        failure(client.tryGetReply(stream.endpoint, bytes(id))),
      );
      await sleep(100);
      stream[Symbol.dispose]();
      t.deepEqual(await Promise.all(outcomes), [
        ["broken_promise", "maybe"],
        ["broken_promise", "maybe"],
      ]);
      new RequestStream(server, { token: new UID(9, 9, 9, 9) })[
        Symbol.dispose
      ]();
    });
  },
);

test.serial("RequestStream can be iterated over", async (t) => {
  await inTank({}, async ({ client, server }) => {
    const stream = new RequestStream(server);
    const served = (async () => {
      let count = 0;
      for await (const promise of stream) {
        promise.send(promise.request);
        count += 1;
      }
      return count;
    })();
    for (const id of [1, 2, 3])
      t.deepEqual(await client.getReply(stream.endpoint, bytes(id)), bytes(id));
    stream[Symbol.dispose]();
    t.is(await served, 3);
  });
});

test.serial(
  "closing a transport ends its calls, writes what was sent one way, and refuses from then on",
  async (t) => {
    const seen: number[] = [];
    const receive = (promise: ReplyPromise): void =>
      void seen.push(promise.request[0] as number);
    await inTank({ receive }, async ({ client, sleep }) => {
      const outcomes = [
        failure(client.getReply(echo, bytes(1))),
        failure(client.tryGetReply(echo, bytes(2))),
      ];
      await sleep(100);
      client.send(echo, bytes(3));
      const unsent = failure(client.tryGetReply(echo, bytes(4)));
      await client.close();
      t.deepEqual(await Promise.all(outcomes), [
        ["closed", "maybe"],
        ["closed", "maybe"],
      ]);
      t.deepEqual(await unsent, ["closed", "not_sent"]);
      await sleep(100);
      t.deepEqual(seen, [1, 2, 3]);
      t.deepEqual(await failure(client.getReply(echo, bytes())), [
        "closed",
        "not_sent",
      ]);
      t.true(
        isReplyError(
          t.throws(() => client.send(echo, bytes())),
          "closed",
        ),
      );
      t.throws(() => client.register(echoToken, { receive }), {
        instanceOf: MessagingError,
      });
      const { callCount, deadlineCount, connectionCount } = client.metrics();
      t.deepEqual([callCount, deadlineCount, connectionCount], [0, 0, 0]);
    });
  },
);

test.serial(
  "a transport that is closed while it connects leaves nothing behind",
  async (t) => {
    const world = await inTank({}, async ({ client, sleep }) => {
      const outcome = failure(client.tryGetReply(echo, bytes()));
      await sleep(0.5);
      t.is(client.peer(serverAddress).state, "connecting");
      await client.close();
      t.deepEqual(await outcome, ["closed", "not_sent"]);
      await sleep(1_000);
      t.is(client.metrics().connectionCount, 0);
    });
    await world.runUntilEmpty();
    t.true(world.nowMs < 5_000, `something went on until ${world.nowMs}`);
  },
);

test.serial(
  "a remote that cannot be reached is tried with growing pauses, and only while somebody waits",
  async (t) => {
    await inTank({}, async ({ client, server, sleep }) => {
      await server.close();
      const peer = client.peer(serverAddress);
      await failure(client.getReply(echo, bytes(), { timeoutMs: 60_000 }));
      const { connectAttempts } = peer.metrics();
      t.true(
        connectAttempts >= 15 && connectAttempts <= 35,
        `${connectAttempts} attempts in a minute`,
      );
      await sleep(60_000);
      t.is(peer.metrics().connectAttempts, connectAttempts);
      t.is(peer.state, "idle");
    });
  },
);

test.serial("a remote that accepts and hangs up is not stormed", async (t) => {
  await inTank({}, async ({ client, world }) => {
    const listener = await world
      .providers("10.0.1.3")
      .network.bind("10.0.1.3:80");
    const rude = (async () => {
      for (;;) (await listener.accept()).reset();
    })().catch(() => "closed");
    const to = new Endpoint(listener.address, echoToken);
    await failure(client.getReply(to, bytes(), { timeoutMs: 60_000 }));
    const { connectAttempts } = client.peer(listener.address).metrics();
    t.true(connectAttempts <= 35, `${connectAttempts} attempts in a minute`);
    await listener.close();
    t.is(await rude, "closed");
  });
});

test.serial("two sides that flood each other both go on", async (t) => {
  await inTank(
    { world: { network: { windowBytes: 4_096 } } },
    async ({ client, server, world, sleep }) => {
      const other = await NetTransport.listen(
        world.providers("10.0.1.3"),
        "10.0.1.3:4500",
      );
      other.register(echoToken, {
        receive: (promise) => promise.send(promise.request),
      });
      const there = other.endpoint(echoToken);
      const body = new Uint8Array(10_000);
      const calls = Array.from({ length: 200 }, () => [
        server.getReply(there, body),
        other.getReply(echo, body),
      ]).flat();
      t.is((await Promise.all(calls)).length, 400);
      await sleep(1);
      t.is(client.metrics().connectionCount, 0);
      await other.close();
    },
  );
});

test.serial(
  "a caller that leaves its replies unread loses its connection, and nobody else does",
  async (t) => {
    const receive = (promise: ReplyPromise): void =>
      promise.send(new Uint8Array(100_000));
    const options = {
      receive,
      server: { replyBytesMax: 1_000_000 },
      world: { network: { windowBytes: 10_000 } },
    };
    await inTank(options, async ({ client, server, sleep }) => {
      // Thirty replies of 100 kB at once are more than may wait. The first is large enough to leave before the others are made.
      const outcomes = Array.from({ length: 30 }, () =>
        failure(client.tryGetReply(echo, bytes())),
      );
      const [first, ...others] = await Promise.all(outcomes);
      t.is(first?.[0], "none");
      for (const [code] of others) t.is(code, "maybe_delivered");
      await sleep(10);
      t.is(server.metrics().connectionCount, 0);
      t.is((await client.getReply(echo, bytes())).length, 100_000);
    });
  },
);
