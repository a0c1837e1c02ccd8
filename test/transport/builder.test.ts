/** Putting a transport together, and what a receiver may know of a request. */
import test from "ava";

import { Endpoint, NetworkAddress, UID } from "../../src/core/index.ts";
import { SimWorld } from "../../src/sim/index.ts";
import {
  isMessagingError,
  NetTransportBuilder,
  type PeerReceiver,
  type ReplyPromise,
  type RequestEnvelope,
} from "../../src/transport/index.ts";
import {
  bytes,
  clientIp,
  echo,
  echoToken,
  failure,
  inTank,
  serverAddress,
  serverIp,
} from "./tank.ts";

test.serial(
  "NetTransportBuilder builds what listens at the address, and what only calls, with the options of both",
  async (t) => {
    const world = new SimWorld({ seed: 1 });
    await world.run(async () => {
      const server = await new NetTransportBuilder(world.providers(serverIp))
        .localAddress("10.9.9.9:1")
        .localAddress(serverAddress)
        .config({ requestCountMax: 7, flushBytesMax: 1_000 })
        .config({ requestCountMax: 8 })
        .buildListening();
      t.is(server.address?.key, serverAddress);
      t.is(server.config.requestCountMax, 8);
      t.is(server.config.flushBytesMax, 1_000);
      server.register(echoToken, { receive: (got) => got.send(got.request) });
      const client = new NetTransportBuilder(world.providers(clientIp))
        .peerConfig({ connectTimeoutMs: 77, reconnectDelayMs: 10 })
        .peerConfig({ reconnectDelayMs: 20 })
        .build();
      t.is(client.address, undefined);
      t.is(client.config.peer.connectTimeoutMs, 77);
      t.is(client.config.peer.reconnectDelayMs, 20);
      t.deepEqual(await client.getReply(echo, bytes(1)), bytes(1));
      await client.close();
      await server.close();
    });
    world.end();
  },
);

test.serial(
  "NetTransportBuilder refuses to listen nowhere, and options that are none, before anything starts",
  async (t) => {
    const world = new SimWorld({ seed: 1 });
    await world.run(async () => {
      const builder = new NetTransportBuilder(world.providers(serverIp));
      const error = await t.throwsAsync(builder.buildListening());
      t.true(isMessagingError(error, "missing_local_address"));
      builder.localAddress(serverAddress).peerConfig({ connectTimeoutMs: -1 });
      await t.throwsAsync(builder.buildListening(), {
        instanceOf: RangeError,
        message: /connectTimeoutMs .* -1/,
      });
      t.throws(() => builder.build(), { instanceOf: RangeError });
      const listener = await world
        .providers(serverIp)
        .network.bind(serverAddress);
      await listener.close();
    });
    world.end();
  },
);

test.serial(
  "RequestEnvelope names a request and its caller: the same name when it is sent again, another one for another",
  async (t) => {
    const seen: ReplyPromise[] = [];
    const receive = (message: ReplyPromise): void => {
      seen.push(message);
      if (seen.length === 1) message[Symbol.dispose]();
      else message.send(bytes());
    };
    await inTank({ receive }, async ({ client, sleep }) => {
      await client.getReply(echo, bytes(1));
      await client.getReply(echo, bytes(2));
      client.send(echo, bytes(3));
      await sleep(100);
    });
    const envelopes: RequestEnvelope[] = seen;
    const [first, again, other, oneWay] = envelopes.map(({ replyTo }) => ({
      ip: replyTo.address.host,
      token: replyTo.token.toString(),
    }));
    t.deepEqual(
      envelopes.map(({ request }) => request[0]),
      [1, 1, 2, 3],
    );
    t.is(first?.ip, clientIp);
    t.deepEqual(again, first);
    t.not(other?.token, first?.token);
    t.is(oneWay?.token, new UID(0, 0, 0, 0).toString());
  },
);

test.serial(
  "PeerReceiver takes what is for nobody, token and all, so that a gateway can pass it on",
  async (t) => {
    await inTank({}, async ({ world, client, server }) => {
      const gateway = await new NetTransportBuilder(world.providers("10.0.1.9"))
        .localAddress("10.0.1.9:4500")
        .buildListening();
      const address = NetworkAddress.parse(serverAddress);
      const passOn: PeerReceiver = {
        receive(token, message) {
          gateway
            .tryGetReply(new Endpoint(address, token), message.request)
            .then(
              (reply) => message.send(reply),
              () => message.sendError("endpoint_not_found"),
            );
        },
      };
      const own = new UID(5, 5, 5, 5);
      gateway.register(own, { receive: (got) => got.send(bytes(0)) });
      const registered = gateway.registerPeerReceiver(passOn);
      t.throws(() => gateway.registerPeerReceiver(passOn), {
        message: /every other token/,
      });
      t.deepEqual(
        await client.getReply(gateway.endpoint(echoToken), bytes(4)),
        bytes(4),
      );
      t.deepEqual(
        await client.getReply(gateway.endpoint(own), bytes(4)),
        bytes(0),
        "what is registered comes first",
      );
      t.is(server.metrics().dispatched, 1);
      registered[Symbol.dispose]();
      t.deepEqual(
        await failure(
          client.tryGetReply(gateway.endpoint(echoToken), bytes(4)),
        ),
        ["endpoint_not_found", "answered"],
      );
      await gateway.close();
    });
  },
);
