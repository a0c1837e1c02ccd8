/** What only real sockets have: names, kernel buffers, lingering, leaks. */
import {
  connect,
  createServer,
  type AddressInfo,
  type Server,
  type Socket,
} from "node:net";
import test from "ava";

import {
  isNetworkError,
  type Connection,
  type Listener,
} from "../../src/core/index.ts";
import { NodeNetworkProvider, NodeTimeProvider } from "../../src/node/index.ts";

const network = new NodeNetworkProvider({ lingerMs: 40 });
const time = new NodeTimeProvider();

/** Connect a bare socket, which does only what the test says, to a listener. */
async function withBarePeer(
  use: (connection: Connection, peer: Socket) => Promise<void>,
): Promise<void> {
  const listener = await network.bind("127.0.0.1:0");
  const peer = connect({
    port: listener.address.port,
    host: "127.0.0.1",
    allowHalfOpen: true,
  });
  peer.on("error", () => {});
  const connection = await listener.accept();
  try {
    await use(connection, peer);
  } finally {
    connection.reset();
    peer.destroy();
    await listener.close();
  }
}

test.serial("NodeNetworkProvider connects to names", async (t) => {
  const listener = await network.bind("127.0.0.1:0");
  const client = await network.connect(`localhost:${listener.address.port}`);
  t.is(client.remote.key, listener.address.key);
  client.reset();
  await listener.close();
});

test.serial(
  "NodeNetworkProvider says unreachable for a name that nobody has",
  async (t) => {
    const error = await t.throwsAsync(
      network.connect("no-such-host.invalid:80"),
    );
    t.true(isNetworkError(error, "unreachable"), String(error));
    t.true(error instanceof Error && error.cause instanceof Error);
  },
);

test.serial(
  "NodeNetworkProvider keeps the operating system's error as the cause",
  async (t) => {
    const error = await t.throwsAsync(network.connect("127.0.0.1:1"));
    t.true(isNetworkError(error, "refused"));
    t.is(((error as Error).cause as { code?: string }).code, "ECONNREFUSED");
  },
);

test.serial(
  "NodeNetworkProvider refuses ports that no machine has",
  async (t) => {
    for (const address of [
      "localhost:65536",
      "localhost:",
      "localhost:-1",
      "localhost:1x",
    ]) {
      await t.throwsAsync(network.connect(address), {
        name: "NetworkAddressParseError",
      });
    }
  },
);

test.serial(
  "an IPv4 client of an IPv6 listener is known by its IPv4 address",
  async (t) => {
    const listener = await bindIfPossible("[::]:0");
    if (listener === undefined) return t.pass("this machine has no IPv6");
    const client = await network.connect(`127.0.0.1:${listener.address.port}`);
    const server = await listener.accept();
    t.is(server.remote.key, client.local.key);
    t.is(server.local.key, client.remote.key);
    client.reset();
    server.reset();
    await listener.close();
  },
);

async function bindIfPossible(address: string): Promise<Listener | undefined> {
  return network.bind(address).catch(() => undefined);
}

test.serial(
  "a closed connection is reset when its peer never reads",
  async (t) => {
    const listener = await network.bind("127.0.0.1:0");
    const slow = await new NodeNetworkProvider({ readAheadBytes: 1 }).connect(
      listener.address,
    );
    const connection = await listener.accept();
    const writing = t.throwsAsync(connection.write(new Uint8Array(33_554_432)));
    connection.close();
    t.is(((await writing) as { code?: string }).code, "closed");
    await time.sleep(60);
    const error = await t.throwsAsync(async () => {
      while ((await slow.read()) !== undefined);
    });
    t.true(isNetworkError(error, "reset"), String(error));
    slow.reset();
    await listener.close();
  },
);

test.serial(
  "a closed connection ends in order when its peer keeps its side open",
  async (t) => {
    await withBarePeer(async (connection, peer) => {
      await connection.write(new Uint8Array(1_000));
      connection.close();
      await time.sleep(60);
      let received = 0;
      peer.on("data", (chunk: Buffer) => (received += chunk.length));
      await new Promise((resolve) => peer.once("end", resolve));
      t.is(received, 1_000);
    });
  },
);

test.serial(
  "a peer that keeps sending does not spoil what close() sends",
  async (t) => {
    await withBarePeer(async (connection, peer) => {
      const chatter = setInterval(() => peer.write(new Uint8Array(1_000)), 1);
      await time.sleep(5);
      await connection.write(new Uint8Array(500_000));
      connection.close();
      let received = 0;
      peer.on("data", (chunk: Buffer) => (received += chunk.length));
      await new Promise((resolve) => peer.once("end", resolve));
      clearInterval(chatter);
      t.is(received, 500_000);
    });
  },
);

test.serial(
  "end() and reset() in one turn close the socket and are a reset",
  async (t) => {
    await withBarePeer(async (connection, peer) => {
      const outcome = new Promise((resolve) => peer.once("close", resolve));
      const before = socketCount();
      connection.end();
      connection.reset();
      peer.resume();
      peer.on("end", () => setTimeout(() => peer.write("anybody?"), 5));
      t.true(await outcome, "closed by an error");
      await time.sleep(5);
      t.true(socketCount() <= before - 2, "both sockets are gone");
    });
  },
);

test.serial(
  "connections that are not accepted beyond the limit are reset",
  async (t) => {
    const small = new NodeNetworkProvider({ acceptQueueLengthMax: 2 });
    const listener = await small.bind("127.0.0.1:0");
    const outcomes: Promise<string>[] = [];
    for (let index = 0; index < 4; index += 1)
      outcomes.push(fate(listener.address.port));
    await time.sleep(30);
    const accepted = [await listener.accept(), await listener.accept()];
    await listener.close();
    t.deepEqual((await Promise.all(outcomes)).sort(), [
      "alive",
      "alive",
      "reset",
      "reset",
    ]);
    for (const connection of accepted) connection.reset();
  },
);

/** What becomes of a connection that nobody accepts. */
async function fate(port: number): Promise<string> {
  try {
    const client = await network.connect(`127.0.0.1:${port}`);
    const alive = time.sleep(45).then(() => "alive");
    const reading = client
      .read()
      .then(String, (error: { code: string }) => error.code);
    const outcome = await Promise.any([alive, reading]);
    client.reset();
    return outcome;
  } catch (error) {
    return (error as { code: string }).code;
  }
}

test.serial("an aborted connect closes its socket", async (t) => {
  const server = await bareServer();
  const { port } = server.address() as AddressInfo;
  // What earlier tests left is on its way out.
  await time.sleep(20);
  const before = socketCount();
  for (let index = 0; index < 10; index += 1) {
    const controller = new AbortController();
    const connecting = network.connect(`127.0.0.1:${port}`, {
      signal: controller.signal,
    });
    controller.abort(new Error("stop"));
    await t.throwsAsync(connecting, { message: "stop" });
  }
  await time.sleep(20);
  t.is(socketCount(), before);
  server.close();
});

test.serial("a signal that was used collects no listeners", async (t) => {
  const controller = new AbortController();
  const { signal } = controller;
  let listenerCount = 0;
  const add = signal.addEventListener.bind(signal);
  const remove = signal.removeEventListener.bind(signal);
  signal.addEventListener = (...given: Parameters<typeof add>) => (
    (listenerCount += 1),
    add(...given)
  );
  signal.removeEventListener = (...given: Parameters<typeof remove>) => (
    (listenerCount -= 1),
    remove(...given)
  );
  const listener = await network.bind("127.0.0.1:0");
  const accepting = listener.accept({ signal });
  const client = await network.connect(listener.address.key, { signal });
  (await accepting).reset();
  client.reset();
  await time.sleep(1, { signal });
  t.is(listenerCount, 0);
  await listener.close();
});

/** Accepts and says nothing; ends when the other side does. */
async function bareServer(): Promise<Server> {
  const server = createServer((socket) =>
    socket.resume().on("error", () => {}),
  );
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return server;
}

function socketCount(): number {
  return process
    .getActiveResourcesInfo()
    .filter((name) => name === "TCPSocketWrap").length;
}
