/** What others see of a death: resets, after the time that news takes, and never an end. */
import test from "ava";

import { isNetworkError, type Connection } from "../../src/core/index.ts";
import {
  connect,
  drain,
  ipA,
  ipB,
  pattern,
  port,
  watch,
  worldOf,
} from "./support.ts";

const network = { latencyMs: [2, 2], connectMs: [0, 0] } as const;

test.serial(
  "the peer of a dead process reads what was on its way, then the reset, one latency later",
  async (t) => {
    const world = worldOf({ network });
    await world.run(async () => {
      const { client, server } = await connect(world);
      const draining = drain(client);
      await server.write(pattern(1_000));
      await world.time.sleep(1);
      const killedAt = world.nowMs;
      world.kill(ipA);
      const { bytes, end } = await draining;
      t.deepEqual(bytes, pattern(1_000));
      t.true(isNetworkError(end, "reset"));
      t.is(
        (end as Error).message,
        `[reset] the connection to ${ipA}:${port} was reset by the other side`,
      );
      t.is(world.nowMs, killedAt + 2);
      t.true(
        isNetworkError(
          await client.write(pattern(1)).catch((error: unknown) => error),
          "reset",
        ),
      );
    });
  },
);

test.serial(
  "a peer that waits for room, or read nothing yet, hears of the death as well",
  async (t) => {
    const world = worldOf({ network });
    await world.run(async () => {
      const { client, server } = await connect(world);
      await server.write(pattern(10));
      const writing = client
        .write(pattern(1_000_000))
        .catch((error: unknown) => error);
      await world.time.sleep(10);
      world.kill(ipA);
      t.true(isNetworkError(await writing, "reset"));
      const { bytes, end } = await drain(client);
      t.deepEqual(bytes, pattern(10), "what had arrived can still be read");
      t.true(isNetworkError(end, "reset"));
    });
  },
);

test.serial(
  "connections that wait to be accepted are reset by the death of their listener",
  async (t) => {
    const world = worldOf({ network });
    await world.run(async () => {
      const [a, b] = [world.providers(ipA), world.providers(ipB)];
      await a.network.bind(`${ipA}:${port}`);
      const client = await b.network.connect(`${ipA}:${port}`);
      const reading = client.read().catch((error: unknown) => error);
      world.kill(ipA);
      t.true(isNetworkError(await reading, "reset"));
    });
  },
);

test.serial(
  "a connect that was under way to a process that died is refused or reset, at any moment",
  async (t) => {
    const seen = new Set<string>();
    for (let killAfterMs = 0; killAfterMs <= 5; killAfterMs += 0.5) {
      const world = worldOf({ network });
      await world.run(async () => {
        await world.providers(ipA).network.bind(`${ipA}:${port}`);
        const connecting = world
          .providers(ipB)
          .network.connect(`${ipA}:${port}`);
        const outcome = connecting.then(
          (connection) => connection.read(),
          (error: unknown) => Promise.reject(error as Error),
        );
        world.time.schedule(killAfterMs, () => world.kill(ipA));
        const error = await outcome.then(
          () => "an end",
          (failure: unknown) =>
            isNetworkError(failure) ? failure.code : failure,
        );
        seen.add(String(error));
      });
    }
    t.deepEqual([...seen].sort(), ["refused", "reset"]);
  },
);

test.serial(
  "a server end whose client died in the handshake is reset",
  async (t) => {
    const world = worldOf({ network });
    await world.run(async () => {
      const listener = await world
        .providers(ipA)
        .network.bind(`${ipA}:${port}`);
      const connecting = watch(
        world.providers(ipB).network.connect(`${ipA}:${port}`),
      );
      await world.time.sleep(3);
      world.kill(ipB);
      const server: Connection = await listener.accept();
      const { bytes, end } = await drain(server);
      t.is(bytes.length, 0);
      t.true(isNetworkError(end, "reset"));
      t.false(connecting.settled);
    });
  },
);

test.serial(
  "a partition holds the news of a death until it is healed",
  async (t) => {
    const world = worldOf({ network });
    await world.run(async () => {
      const { client } = await connect(world);
      const reading = client.read().catch((error: unknown) => error);
      const told = watch(reading);
      world.network.partition(ipA, ipB);
      world.kill(ipA);
      await world.time.sleep(60_000);
      t.false(told.settled);
      world.network.heal(ipA, ipB);
      await world.time.sleep(2);
      t.true(isNetworkError(await reading, "reset"));
    });
  },
);

test.serial(
  "a next life knows nothing of the connections of the last",
  async (t) => {
    const world = worldOf({ network });
    await world.run(async () => {
      const { client } = await connect(world);
      world.kill(ipA);
      const listener = await world
        .providers(ipA)
        .network.bind(`${ipA}:${port}`);
      const accepted = watch(listener.accept());
      t.true(isNetworkError((await drain(client)).end, "reset"));
      await world.time.sleep(1_000);
      t.false(accepted.settled);
      const again = await world
        .providers(ipB)
        .network.connect(`${ipA}:${port}`);
      t.not(again.local.key, client.local.key);
      await world.time.sleep(10);
      t.true(accepted.settled);
    });
  },
);
