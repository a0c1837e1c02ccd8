/** In how many pieces messages leave, and when. */
import test from "ava";

import {
  Endpoint,
  NetworkAddress,
  type NetworkProvider,
  type Providers,
} from "../../src/core/index.ts";
import { Burst } from "../../src/transport/burst.ts";
import {
  NetTransport,
  type OutgoingRequest,
} from "../../src/transport/index.ts";
import { bytes, clientIp, echo, inTank, serverIp, type Tank } from "./tank.ts";

/** A request with a body of one byte. */
const requestBytes = 49;

/** A client whose turns end when the test says so, as they do on real hosts when all that arrived has been handled. */
class Client {
  readonly transport: NetTransport;
  /** How many requests have reached the server together, piece by piece. */
  readonly pieces: number[] = [];
  readonly #waiting: (() => void)[] = [];
  readonly #tank: Tank;

  constructor(tank: Tank) {
    this.#tank = tank;
    const home = tank.world.providers(clientIp);
    const tasks = Object.create(home.tasks, {
      spawn: { value: home.tasks.spawn.bind(home.tasks) },
      defer: { value: (callback: () => void) => this.#waiting.push(callback) },
    }) as unknown;
    this.transport = NetTransport.client(
      Object.create(home, { tasks: { value: tasks } }) as Providers,
    );
    tank.world.onEvent((event) => {
      if (event.owner === serverIp && event.operation === "data_delivery")
        this.pieces.push((event.bytes ?? 0) / requestBytes);
    });
  }

  /** Whether the end of a turn is waited for. */
  get waits(): boolean {
    return this.#waiting.length > 0;
  }

  /** Make so many calls, each in a promise job of its own, as when many answers come at once. */
  async call(count: number): Promise<void> {
    for (let made = 0; made < count; made += 1) {
      this.transport.tryGetReply(echo, bytes(1)).catch(() => undefined);
      await undefined;
    }
  }

  async endTurn(): Promise<void> {
    for (const callback of this.#waiting.splice(0)) callback();
    await this.#tank.sleep(1_000);
  }
}

/** Run a test with a client that is connected, and whose writes are not cut by small pieces of memory. */
async function withClient(main: (client: Client) => Promise<void>) {
  await inTank({}, async (tank) => {
    const client = new Client(tank);
    for (let round = 0; round < 2; round += 1) {
      await client.call(200);
      await client.endTurn();
    }
    client.pieces.length = 0;
    await main(client);
    await client.endTurn();
    await client.transport.close();
  });
}

test.serial(
  "what comes up in one turn leaves in pieces, each twice as large as the one before, and the rest at its end",
  async (t) => {
    await withClient(async (client) => {
      await client.call(150);
      await client.endTurn();
      // The first is the only one under way, so it has left by the time that the second is made.
      t.deepEqual(client.pieces, [1, 16, 32, 64, 37]);
    });
  },
);

test("64 KiB are a piece, however few messages they are, and make the next one no larger", (t) => {
  const burst = new Burst();
  burst.begin();
  const sizes = [40_000, 30_000, 65_535, 1, 65_536];
  t.deepEqual(
    sizes.map((size) => burst.grow(size)),
    [false, true, false, true, true],
  );
  const small = Array.from({ length: 48 }, () => burst.grow(1));
  t.deepEqual(
    small.flatMap((isComplete, index) => (isComplete ? [index + 1] : [])),
    [16, 48],
  );
});

test.serial("the next turn begins with a small piece again", async (t) => {
  await withClient(async (client) => {
    for (let turn = 0; turn < 2; turn += 1) {
      await client.call(20);
      await client.endTurn();
    }
    t.deepEqual(client.pieces, [1, 16, 3, 1, 16, 3]);
  });
});

test.serial(
  "a call that is the only one under way waits for no turn to end",
  async (t) => {
    await withClient(async (client) => {
      const { transport } = client;
      t.deepEqual(await transport.tryGetReply(echo, bytes(1)), bytes(1));
      t.false(client.waits);
    });
  },
);

/** A request that is called back when it fails, at once. */
function requestThatFails(
  body: Uint8Array,
  failed: (error: unknown) => void,
): OutgoingRequest {
  return {
    ...{ token: echo.token, body, failed },
    ...{ delivery: "at_most_once", timeoutMs: 1_000 },
    ...{ extra: new Uint8Array(0), streams: undefined },
    replied: () => undefined,
  };
}

test.serial(
  "a large call that is made while another connection gathers does not take along what is for that one",
  async (t) => {
    const small = { payloadSizeMax: 10_000 };
    await inTank({ server: small }, async ({ world, client }) => {
      const other = NetworkAddress.parse("10.0.1.3:4500");
      const home = world.providers(other.ip);
      const server = await NetTransport.listen(home, other);
      server.register(echo.token, {
        receive: (promise) => promise.send(promise.request),
      });
      const toOther = new Endpoint(other, echo.token);
      await client.tryGetReply(toOther, bytes(1));
      const large = new Uint8Array(100_000);
      const options = { timeoutMs: 1_000 };
      const first = client.tryGetReply(echo, bytes(2), options);
      let again: Promise<Uint8Array> | undefined;
      // It is too large for the one, which it learns when it is connected, and so the other is asked at once.
      const request = requestThatFails(large, () => {
        again = client.tryGetReply(toOther, large, options);
      });
      client.start(client.peer(echo.address), request);
      t.deepEqual(await first, bytes(2));
      t.is((await again)?.length, large.length);
      await server.close();
    });
  },
);

/** The same host, whose connections call back at every write. */
function withWrites(home: Providers, onWrite: () => void): Providers {
  const connect: NetworkProvider["connect"] = async (address, options) => {
    const connection = await home.network.connect(address, options);
    const write = connection.write.bind(connection);
    return Object.assign(connection, {
      write: (piece: Uint8Array | readonly Uint8Array[]) => {
        onWrite();
        return write(piece);
      },
    });
  };
  const network = Object.create(home.network, { connect: { value: connect } });
  return Object.create(home, { network: { value: network } }) as Providers;
}

test.serial(
  "calls that are made while their own connection gathers leave with what it gathers",
  async (t) => {
    const small = { payloadSizeMax: 10_000 };
    await inTank({ server: small }, async ({ world }) => {
      let writeCount = 0;
      const home = withWrites(world.providers("10.0.1.3"), () => {
        writeCount += 1;
      });
      const client = NetTransport.client(home);
      const body = new Uint8Array(7_000);
      let calls: Promise<Uint8Array>[] = [];
      // It is the first that the connection takes up, and ten calls are worth a write.
      const request = requestThatFails(new Uint8Array(100_000), () => {
        calls = Array.from({ length: 30 }, () =>
          client.tryGetReply(echo, body),
        );
      });
      client.start(client.peer(echo.address), request);
      await client.tryGetReply(echo, bytes(1));
      t.is((await Promise.all(calls)).length, 30);
      // The other one is the handshake.
      t.is(writeCount, 2);
      await client.close();
    });
  },
);

test.serial(
  "after a large piece the next one waits for no turn to end",
  async (t) => {
    await withClient(async ({ transport }) => {
      const large = new Uint8Array(100_000);
      const both = [1, 2].map(() => transport.tryGetReply(echo, large));
      for (const reply of await Promise.all(both))
        t.is(reply.length, large.length);
    });
  },
);

test.serial(
  "calls that are made together leave together, and one-way messages wait for more",
  async (t) => {
    await withClient(async (client) => {
      const { transport } = client;
      for (let count = 0; count < 3; count += 1)
        transport.tryGetReply(echo, bytes(1)).catch(() => undefined);
      await client.endTurn();
      t.deepEqual(client.pieces, [3]);
      transport.send(echo, bytes(1));
      t.true(client.waits);
    });
  },
);
