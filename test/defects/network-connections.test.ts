/** Defects of the simulator that this one follows, each in the words of its effect here: who is connected to whom. */
import test from "ava";

import { isNetworkError } from "../../src/core/index.ts";
import {
  connect,
  drain,
  ipA,
  ipB,
  pattern,
  port,
  watch,
  worldOf,
} from "../sim/support.ts";

test.serial(
  "partitions and distances reach connections that a provider made",
  async (t) => {
    const world = worldOf({
      network: { latencyMs: [1, 1], pairLatencyMs: [30, 30] },
    });
    await world.run(async () => {
      const { client, server } = await connect(world);
      t.deepEqual([client.local.ip, server.remote.ip], [ipB, ipB]);
      t.is(
        server.remote.key,
        client.local.key,
        "an accepted peer has a real address",
      );
      const startMs = world.nowMs;
      await client.write(pattern(1));
      await server.read();
      t.is(Math.round(world.nowMs - startMs), 31);
      world.network.partition(ipA, ipB);
      const reading = watch(server.read());
      await client.write(pattern(1));
      await world.time.sleep(1_000);
      t.false(reading.settled);
    });
  },
);

test.serial(
  "a kill breaks the connections that the process opened, too",
  async (t) => {
    const world = worldOf();
    await world.run(async () => {
      const { server } = await connect(world);
      world.kill(ipB);
      t.true(isNetworkError((await drain(server)).end, "reset"));
    });
  },
);

test.serial("bind, connect and accept take their time", async (t) => {
  const world = worldOf({
    network: {
      latencyMs: [1, 1],
      bindMs: [5, 5],
      connectMs: [7, 7],
      acceptMs: [20, 20],
    },
  });
  await world.run(async () => {
    const listener = await world.providers(ipA).network.bind(`${ipA}:${port}`);
    t.is(Math.round(world.nowMs), 5);
    const accepting = listener.accept().then(() => Math.round(world.nowMs));
    await world.providers(ipB).network.connect(listener.address);
    t.is(Math.round(world.nowMs), 13);
    t.is(await accepting, 32);
  });
});

test.serial(
  "nobody is connected where nobody listens, and a listener that is gone frees its port",
  async (t) => {
    const world = worldOf();
    await world.run(async () => {
      const { network } = world.providers(ipA);
      const dial = (): Promise<unknown> =>
        world
          .providers(ipB)
          .network.connect(`${ipA}:${port}`)
          .catch((error: unknown) => error);
      t.true(isNetworkError(await dial(), "refused"));
      const listener = await network.bind(`${ipA}:${port}`);
      const again: unknown = await network
        .bind(`${ipA}:${port}`)
        .catch((error: unknown) => error);
      t.true(isNetworkError(again, "address_in_use"));
      await listener.close();
      t.true(isNetworkError(await dial(), "refused"));
      const free = await network.bind(`${ipA}:0`);
      t.true(free.address.port > 0);
    });
  },
);

test.serial(
  "connects and accepts that wait together all find each other; a full backlog refuses",
  async (t) => {
    const world = worldOf({ network: { backlogMax: 3 } });
    await world.run(async () => {
      const listener = await world
        .providers(ipA)
        .network.bind(`${ipA}:${port}`);
      const dial = (): Promise<unknown> =>
        world
          .providers(ipB)
          .network.connect(`${ipA}:${port}`)
          .catch((error: unknown) => error);
      const waiting = await Promise.all([dial(), dial(), dial(), dial()]);
      t.is(
        waiting.filter((outcome) => isNetworkError(outcome, "refused")).length,
        1,
      );
      const accepted = await Promise.all(
        [1, 2, 3, 4].map(() => listener.accept()).slice(0, 3),
      );
      t.is(new Set(accepted.map(({ remote }) => remote.key)).size, 3);
    });
  },
);

test.serial(
  "a likelier failure to connect fails more often, and hanging is another one",
  async (t) => {
    const failed = async (
      refuseProbability: number,
      hangProbability: number,
    ): Promise<[number, number]> => {
      const world = worldOf({
        network: { refuseProbability, hangProbability, connectTimeoutMs: 100 },
      });
      return world.run(async () => {
        await world.providers(ipA).network.bind(`${ipA}:${port}`);
        const count: [number, number] = [0, 0];
        for (let turn = 0; turn < 200; turn += 1) {
          const outcome: unknown = await world
            .providers(ipB)
            .network.connect(`${ipA}:${port}`)
            .catch((error: unknown) => error);
          if (isNetworkError(outcome, "refused")) count[0] += 1;
          if (isNetworkError(outcome, "timed_out")) count[1] += 1;
        }
        return count;
      });
    };
    const [seldom, often] = [await failed(0.1, 0.1), await failed(0.4, 0.4)];
    t.true(seldom[0] > 5 && often[0] > seldom[0] * 2, `${seldom} ${often}`);
    t.true(seldom[1] > 5 && often[1] > seldom[1] * 2, `${seldom} ${often}`);
  },
);
