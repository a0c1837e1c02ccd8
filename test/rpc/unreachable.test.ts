/** What callers are told when the other side cannot be reached: who was called, and why nobody answered. */
import test from "ava";

import { nodeProviders } from "../../src/node/index.ts";
import {
  createBalancedClient,
  createClient,
  serve,
} from "../../src/rpc/index.ts";
import { SimWorld } from "../../src/sim/index.ts";
import { NetTransport } from "../../src/transport/index.ts";
import { errorOf, errorStory } from "./call-errors.ts";
import { NotesRpc, plainHandler } from "./notes.ts";

/** Run a test with a client whose world has nobody else. */
async function alone(
  main: (client: NetTransport, world: SimWorld) => Promise<void>,
): Promise<void> {
  const world = new SimWorld({ seed: 1 });
  await world.run(async () => {
    const client = NetTransport.client(world.providers("10.0.9.1"));
    await main(client, world);
    await client.close();
  });
}

/** Serve at the address of `nobody`, with a `read` that is never answered. */
async function open(world: SimWorld): Promise<NetTransport> {
  const server = await NetTransport.listen(world.providers("10.0.9.7"), nobody);
  const read = (): Promise<never> => new Promise(() => undefined);
  serve(server, NotesRpc, { ...plainHandler, read });
  return server;
}

const nobody = "10.0.9.7:4500";
const short = { timeoutMs: 400 };

test.serial(
  "a call that waited for a connection until its deadline says why there was none",
  async (t) => {
    await alone(async (client) => {
      const error = await errorOf(
        createClient(NotesRpc, client, nobody).read({}, short),
      );
      t.is(error.code, "deadline_exceeded");
      t.is(error.delivery, "not_sent");
      t.is(
        error.rawMessage,
        `no reply from ${nobody}/${NotesRpc.name}.Read within 400 ms: nobody accepts connections at ${nobody}`,
      );
      t.regex(errorStory(error), /refused/);
    });
  },
);

test.serial(
  "a call that is out when its deadline comes blames no connection of before",
  async (t) => {
    await alone(async (client, world) => {
      const notes = createClient(NotesRpc, client, nobody);
      await errorOf(notes.read({}, short));
      const server = await open(world);
      await notes.write({});
      const error = await errorOf(notes.read({}, short));
      t.is(error.delivery, "maybe");
      t.regex(error.rawMessage, /within 400 ms$/);
      await server.close();
    });
  },
);

test.serial(
  "a call whose connection breaks, and that cannot be made again, says what broke",
  async (t) => {
    await alone(async (client, world) => {
      const server = await open(world);
      const call = createClient(NotesRpc, client, nobody).read({}, short);
      await world.time.sleep(100);
      await server.close();
      const error = await errorOf(call);
      t.is(error.delivery, "maybe");
      t.regex(error.rawMessage, /within 400 ms: nobody accepts connections at/);
    });
  },
);

test.serial(
  "a call whose connection breaks, and that waits for the next one, says that it broke",
  async (t) => {
    await alone(async (client, world) => {
      const server = await open(world);
      const call = createClient(NotesRpc, client, nobody).read({}, short);
      await world.time.sleep(100);
      for (const circuit of world.network.circuits) circuit.client.reset();
      world.network.partition("10.0.9.1", "10.0.9.7");
      t.regex(
        (await errorOf(call)).rawMessage,
        /within 400 ms: the connection to .* is gone: the connection .*reset/,
      );
      await server.close();
    });
  },
);

test.serial(
  "a call that cannot be connected in time does not blame the good end of a connection before",
  async (t) => {
    await alone(async (client, world) => {
      const home = world.providers("10.0.9.7");
      const server = await NetTransport.listen(home, nobody);
      serve(server, NotesRpc, plainHandler);
      const brief = NetTransport.client(world.providers("10.0.9.2"), {
        peer: { idleTimeoutMs: 1_000 },
      });
      const notes = createClient(NotesRpc, brief, nobody);
      await notes.read({});
      await world.time.sleep(3_000);
      t.is(brief.metrics().connectionCount, 0);
      world.network.partition("10.0.9.2", "10.0.9.7");
      const error = await errorOf(notes.read({}, short));
      t.is(error.delivery, "not_sent");
      t.regex(error.rawMessage, /within 400 ms$/);
      await brief.close();
      await server.close();
      await client.close();
    });
  },
);

test.serial(
  "a balanced call that nobody could be asked says what the servers suffer from, or that there are none",
  async (t) => {
    await alone(async (client) => {
      const notes = createBalancedClient(NotesRpc, client, [nobody]);
      t.regex(
        errorStory(await errorOf(notes.read({}, short))),
        /nobody accepts connections at 10.0.9.7:4500[^]*refused/,
      );
      const none = createBalancedClient(NotesRpc, client, []);
      t.regex(
        errorStory(await errorOf(none.read({}, short))),
        /the pool has no servers/,
      );
    });
  },
);

test("an address with the TLS flag that we have no certificate for fails the call, and nothing else", async (t) => {
  await using client = NetTransport.client(nodeProviders());
  const notes = createClient(NotesRpc, client, "tls://127.0.0.1:1");
  const error = await errorOf(notes.write({}, { timeoutMs: 60_000 }));
  t.is(error.code, "unavailable");
  t.is(error.delivery, "not_sent");
  t.regex(
    errorStory(error),
    /tls:\/\/127.0.0.1:1\/[^]*give nodeProviders\(\{ tls/,
  );
});

test("a server that listens at all addresses knows its port, and says what it lacks when asked for an endpoint", async (t) => {
  await using server = await NetTransport.listen(nodeProviders(), "0.0.0.0:0");
  t.is(server.address, undefined);
  const { port, ip } = server.listensAt!;
  t.is(ip, "0.0.0.0");
  await using handle = serve(server, NotesRpc, plainHandler);
  t.throws(() => handle.endpoint, {
    instanceOf: TypeError,
    message: new RegExp(`0.0.0.0:${port}.*advertisedAddress`),
  });
  await using client = NetTransport.client(nodeProviders());
  t.is(client.listensAt, undefined);
  t.throws(() => client.endpoint(NotesRpc.uid), { message: /listen\(\)/ });
  const notes = createClient(NotesRpc, client, `127.0.0.1:${port}`);
  t.is((await notes.read({ account: "abc" }, { timeoutMs: 60_000 })).cents, 3n);
});
