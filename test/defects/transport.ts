/** What becomes of connections and endpoints between two transports. */
import { listenToAssertions } from "../../src/assertions/index.ts";
import { deadline, Endpoint, UID } from "../../src/core/index.ts";
import {
  NetTransport,
  type ReplyPromise,
  RequestStream,
} from "../../src/transport/index.ts";
import { encodeHandshake } from "../../src/wire/index.ts";
import {
  bytes,
  echo,
  echoToken,
  failure,
  inPair,
  inTank,
  serveEcho,
  serverAddress,
  serverIp,
  silent,
} from "../transport/tank.ts";
import { frameOf } from "../wire/frames.ts";
import type { Defect } from "./defect.ts";

export const transportDefects: readonly Defect[] = [
  {
    holds:
      "a request is sent again when its connection breaks before the reply",
    numbers: ["transport 1"],
    check: async (t) => {
      const kept: ReplyPromise[] = [];
      const receive = (promise: ReplyPromise): void => {
        if (kept.push(promise) === 2) promise.send(bytes(2));
      };
      await inTank({ receive }, async ({ client, network, sleep }) => {
        const reply = client.getReply(echo, bytes(1));
        await sleep(100);
        network.circuits[0]?.client.reset();
        t.deepEqual(await reply, bytes(2));
        t.is(client.peer(serverAddress).metrics().messagesResent, 1);
      });
    },
    mutants: [
      { file: "transport/peer", from: "this.#queue.rewind();", to: "" },
    ],
  },
  {
    holds: "the first request of all may be one that is sent at most once",
    numbers: ["transport 2"],
    check: async (t) => {
      await inTank({}, async ({ client, server }) => {
        t.is(client.failureMonitor.status(echo), "available");
        t.deepEqual(await client.tryGetReply(echo, bytes(1)), bytes(1));
        t.deepEqual(await server.tryGetReply(echo, bytes(2)), bytes(2));
      });
    },
    mutants: [
      {
        file: "transport/failure-monitor",
        from: "if (record === undefined)\n            return undefined;",
        to: 'if (record === undefined) return "connect_failed";',
      },
    ],
  },
  {
    holds: "a connection that came back in the meantime was lost all the same",
    numbers: ["transport 3"],
    check: async (t) => {
      await inTank({}, async ({ client, network, sleep }) => {
        await client.tryGetReply(echo, bytes(1));
        const before = client.failureMonitor.disconnects(echo.address);
        network.circuits[0]?.server.reset();
        await sleep(1_000);
        await client.getReply(echo, bytes(1));
        t.is(client.failureMonitor.status(echo), "available");
        using limit = deadline(client.providers.time, 5_000);
        const { signal } = limit;
        const { failureMonitor } = client;
        await failureMonitor.whenDisconnected(echo.address, before, { signal });
      });
    },
    mutants: [
      {
        file: "transport/address-record",
        from: "this.disconnects += 1;",
        to: "",
      },
    ],
  },
  {
    holds: "only an endpoint of one life can be gone for good",
    numbers: ["transport 4"],
    check: async (t) => {
      await inTank({}, async ({ client, server }) => {
        const named = new Endpoint(echo.address, echo.token.adjusted(9));
        await failure(client.tryGetReply(named, bytes(1)));
        t.false(client.failureMonitor.isGone(named));
        const receive = (promise: ReplyPromise): void => promise.send(bytes(9));
        server.register(named.token, { receive });
        t.deepEqual(await client.tryGetReply(named, bytes(1)), bytes(9));
        const stream = new RequestStream(server);
        const { endpoint } = stream;
        stream[Symbol.dispose]();
        await failure(client.tryGetReply(endpoint, bytes(1)));
        t.true(client.failureMonitor.isGone(endpoint));
      });
    },
    mutants: [
      {
        file: "transport/address-record",
        from: "if (this.#life === undefined || !isOfLife(token, this.#life))",
        to: "if (false)",
      },
    ],
  },
  {
    holds: "a stream of requests that ends leaves nobody waiting",
    numbers: ["transport 5"],
    check: async (t) => {
      await inTank({}, async ({ client, server, sleep }) => {
        const stream = new RequestStream(server);
        const { endpoint } = stream;
        const queued = failure(client.tryGetReply(endpoint, bytes(1)));
        await sleep(100);
        stream[Symbol.dispose]();
        t.deepEqual(await queued, ["broken_promise", "maybe"]);
        t.is(
          (await failure(client.tryGetReply(endpoint, bytes(1))))[0],
          "endpoint_not_found",
        );
      });
    },
    mutants: [
      {
        file: "transport/request-stream",
        from: "promise[Symbol.dispose]();",
        to: ";",
      },
      {
        file: "transport/request-stream",
        from: "this.#registration[Symbol.dispose]();",
        to: "",
      },
    ],
  },
  {
    holds:
      "a lost connection ends the requests that were handed to it, and nothing is kept of them",
    numbers: ["transport 6"],
    check: async (t) => {
      await inTank({ receive: silent }, async ({ client, network, sleep }) => {
        const call = failure(
          client.tryGetReply(echo, bytes(1), { timeoutMs: 60_000 }),
        );
        await sleep(100);
        network.circuits[0]?.client.reset();
        t.deepEqual(await call, ["maybe_delivered", "maybe"]);
        const { callCount, deadlineCount } = client.metrics();
        t.is(callCount + deadlineCount, 0);
        t.is(client.peer(serverAddress).metrics().messageCount, 0);
      });
    },
    mutants: [
      {
        file: "transport/peer",
        from: 'call.request.delivery === "at_most_once" && call.sentCount > 0',
        to: "false",
      },
    ],
  },
  {
    holds:
      "two processes need one connection, and it does not matter who made it",
    numbers: ["transport 7"],
    check: async (t) => {
      await inPair({}, async ({ left, right, toLeft, toRight }) => {
        await left.tryGetReply(toRight, bytes(1));
        await right.tryGetReply(toLeft, bytes(2));
        t.is(left.metrics().connectionCount, 1);
        t.is(right.metrics().connectionCount, 1);
      });
    },
    mutants: [
      {
        file: "transport/peer-book",
        from: "this.#inbound.set(address.url, channel);",
        to: "",
      },
    ],
  },
  {
    holds:
      "a connection that nobody needs is closed, and a dead one is found out",
    numbers: ["transport 7"],
    check: async (t) => {
      const peer = { idleTimeoutMs: 5_000 };
      await inTank(
        { receive: silent, client: { peer } },
        async ({ client, network, sleep }) => {
          await failure(client.tryGetReply(echo, bytes(1), { timeoutMs: 100 }));
          const call = failure(
            client.tryGetReply(echo, bytes(1), { timeoutMs: 60_000 }),
          );
          await sleep(100);
          for (const circuit of network.circuits) circuit.crashPeer("server");
          t.deepEqual(await call, ["maybe_delivered", "maybe"]);
          client.send(echo, bytes(1));
          await sleep(6_000);
          t.is(client.metrics().connectionCount, 0);
        },
      );
    },
    mutants: [
      {
        file: "transport/channel-monitor",
        from: "return this.#gone(config.pingTimeoutMs);",
        to: "return;",
      },
      {
        file: "transport/channel-monitor",
        from: "            this.#idle();\n",
        to: "            ;\n",
      },
    ],
  },
  {
    holds: "a server that accepts and hangs up is not stormed",
    numbers: ["transport 8"],
    check: async (t) => {
      let hangUp = (): void => undefined;
      const receive = (): void => hangUp();
      await inTank({ receive }, async ({ client, network }) => {
        hangUp = () => {
          for (const circuit of network.circuits) circuit.server.reset();
        };
        await failure(client.getReply(echo, bytes(1), { timeoutMs: 9_000 }));
        const { connectionsOpened } = client.peer(serverAddress).metrics();
        t.true(connectionsOpened > 3, `${connectionsOpened} connections`);
        t.true(connectionsOpened <= 12, `${connectionsOpened} connections`);
      });
    },
    mutants: [
      {
        file: "transport/link-state",
        from: "return livedMs >= config.stableAfterMs ? 1 : failures + 1;",
        to: "return 1;",
      },
    ],
  },
  {
    holds:
      "a failure to connect is known, and closing does not wait for a connect",
    numbers: ["transport 8"],
    check: async (t) => {
      await inTank({}, async ({ client, world, network, sleep }) => {
        world.kill(serverIp);
        const first = failure(client.getReply(echo, bytes(1)));
        await sleep(1_000);
        t.is(client.failureMonitor.reason(echo), "connect_failed");
        const server = await serveEcho(world);
        network.partition("10.0.1.3", serverIp);
        const other = NetTransport.client(world.providers("10.0.1.3"));
        const call = failure(other.tryGetReply(echo, bytes(1)));
        await sleep(10);
        const startMs = world.nowMs;
        await other.close();
        t.is(world.nowMs, startMs);
        t.deepEqual(await call, ["closed", "not_sent"]);
        await first;
        await server.close();
      });
    },
    mutants: [
      {
        file: "transport/link",
        from: "this.#shared.failures.unreachable(this.#address.key, reason);",
        to: "",
      },
    ],
  },
  {
    holds: "a queue that is full says so to whoever is one too many",
    numbers: ["transport 9", "transport 18"],
    check: async (t) => {
      const peer = { messageCountMax: 3 };
      await inTank(
        { receive: silent, client: { peer } },
        async ({ client, world }) => {
          world.kill(serverIp);
          const calls = Array.from({ length: 4 }, (_, at) =>
            failure(client.getReply(echo, bytes(at), { timeoutMs: 500 })),
          );
          t.deepEqual(await Promise.all(calls), [
            ...Array.from({ length: 3 }, () => [
              "deadline_exceeded",
              "not_sent",
            ]),
            ["queue_full", "not_sent"],
          ]);
        },
      );
    },
    mutants: [
      {
        file: "transport/peer",
        from: "this.#queue.size + this.#paused.size >= this.#messageCountMax",
        to: "false",
      },
    ],
  },
  {
    holds: "a frame that claims to be huge is refused before it arrives",
    numbers: ["transport 10"],
    check: async (t) => {
      await inTank({}, async ({ client, server, world, sleep }) => {
        await client.tryGetReply(echo, bytes(1));
        const stranger = await world
          .providers("10.0.1.9")
          .network.connect(serverAddress);
        await stranger.write(greeting());
        await sleep(100);
        await stranger.write(hugeClaim());
        await sleep(100);
        t.is(server.metrics().violations, 1);
        t.is(server.metrics().connectionCount, 1);
        t.deepEqual(await client.tryGetReply(echo, bytes(2)), bytes(2));
      });
    },
    mutants: [
      {
        file: "wire/frame",
        from: "if (length - HEADER_SIZE > payloadSizeMax)",
        to: "if (false)",
      },
    ],
  },
  {
    holds:
      "a message to one's own address takes the same road, with the same limits",
    numbers: ["transport 11"],
    check: async (t) => {
      const server = { payloadSizeMax: 1_000 };
      await inTank({ server }, async (tank) => {
        let arrived = false;
        const token = new UID(9, 9, 9, 9);
        tank.server.register(token, { receive: () => (arrived = true) });
        tank.server.send(new Endpoint(echo.address, token), bytes(1));
        t.false(arrived, "nobody is called from within send()");
        await tank.sleep(10);
        t.true(arrived);
        const large = tank.server.tryGetReply(echo, new Uint8Array(2_000));
        t.deepEqual(await failure(large), ["packet_too_large", "not_sent"]);
      });
    },
    mutants: [
      {
        file: "transport/peer",
        from: "if (size > sizeMax)",
        to: "if (false)",
        also: {
          file: "transport/peer",
          from: "sizeMax = channel.payloadSizeMax",
          to: "sizeMax = Infinity",
          also: {
            file: "wire/frame",
            from: "if (length - HEADER_SIZE > payloadSizeMax)",
            to: "if (false)",
          },
        },
      },
    ],
  },
  {
    holds: "a slot of the small table is an endpoint like any other",
    numbers: ["transport 12"],
    check: async (t) => {
      await inTank({}, async ({ client, server }) => {
        const receive = (promise: ReplyPromise): void => promise.send(bytes(7));
        const token = UID.wellKnown(7);
        server.register(token, { receive });
        const to = new Endpoint(echo.address, token);
        t.deepEqual(await client.tryGetReply(to, bytes()), bytes(7));
      });
    },
    mutants: [
      {
        file: "transport/endpoint-map",
        from: "if (token.isWellKnown)\n            return this.#insertWellKnown(token, receiver);",
        to: "",
      },
    ],
  },
  {
    holds: "an error says what went wrong, and not something else",
    numbers: ["transport 14"],
    check: async (t) => {
      const receive = (promise: ReplyPromise): void =>
        promise.sendError("serialization");
      await inTank({ receive }, async ({ client }) => {
        const nobody = new Endpoint(echo.address, echoToken.adjusted(5));
        t.deepEqual(await failure(client.getReply(nobody, bytes(1))), [
          "endpoint_not_found",
          "answered",
        ]);
        t.deepEqual(await failure(client.getReply(echo, bytes(1))), [
          "serialization",
          "answered",
        ]);
      });
    },
    mutants: [
      {
        file: "transport/call-table",
        from: "case ReplyStatus.endpoint_not_found:",
        to: "case -1:",
      },
    ],
  },
  {
    holds: "a simulation can have the transport itself misbehave",
    numbers: ["transport 17"],
    check: async (t) => {
      const asked = new Set<string>();
      await inTank({ receive: silent }, async ({ client, sleep, network }) => {
        const before = listenToAssertions({
          observe: () => undefined,
          knob: () => undefined,
          buggify: (site) => asked.add(site) === undefined,
        });
        const peer = { messageCountMax: 5 };
        const other = NetTransport.client(client.providers, { peer });
        const call = failure(other.getReply(echo, bytes(1)));
        await sleep(5_000);
        other.send(echo, bytes(1));
        for (const circuit of network.circuits) circuit.client.reset();
        await sleep(1);
        listenToAssertions(before);
        await other.close();
        await call;
      });
      const sites = [...asked].filter((site) => site.startsWith("transport: "));
      t.true(sites.length >= 6, sites.join(", "));
      t.true(asked.has("transport: a request is sent twice"));
    },
    mutants: [
      { file: "transport/peer", from: "&& duplicates()", to: "&& false" },
    ],
  },
];

/** What a client says first. */
function greeting(): Uint8Array {
  const handshake = encodeHandshake({
    payloadSizeMax: 1_000,
    incarnation: 1n,
    address: undefined,
  });
  return frameOf(handshake, new UID(0, 0, 0, 0));
}

/** The first bytes of a frame of four gigabytes. */
function hugeClaim(): Uint8Array {
  return new Uint8Array(64).fill(0xff);
}
