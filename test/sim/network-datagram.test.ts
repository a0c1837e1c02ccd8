/** Datagrams in trouble, and names. */
import test from "ava";

import { isNetworkError } from "../../src/core/index.ts";
import {
  SimDatagramSocket,
  type NetworkConfiguration,
} from "../../src/sim/index.ts";
import { ipA, ipB, ipC, port, watch, worldOf } from "./support.ts";

/** Send 300 numbered datagrams a millisecond apart: the numbers in the order of arrival, and what struck. */
async function sent(
  network: Partial<NetworkConfiguration>,
): Promise<{ numbers: number[]; faults: ReadonlyMap<string, number> }> {
  const numbers: number[] = [];
  const world = worldOf({ network });
  await world.run(async () => {
    const to = await world
      .providers(ipA)
      .network.bindDatagram(`${ipA}:${port}`);
    const from = await world.providers(ipB).network.bindDatagram("0.0.0.0:0");
    const receiving = world
      .providers(ipA)
      .tasks.spawn("receive", async (signal) => {
        for (;;) {
          const { bytes } = await to.receive({ signal });
          numbers.push(((bytes[0] ?? 0) << 8) | (bytes[1] ?? 0));
        }
      });
    for (let number = 0; number < 300; number += 1) {
      await from.send(Uint8Array.of(number >>> 8, number), to.address);
      await world.time.sleep(1);
    }
    await world.time.sleep(1_000);
    receiving.abort();
  });
  return { numbers, faults: world.faults.counts };
}

test.serial(
  "datagrams arrive, each once and in order, unless asked otherwise",
  async (t) => {
    const { numbers, faults } = await sent({});
    t.deepEqual(
      numbers,
      Array.from({ length: 300 }, (_, index) => index),
    );
    t.deepEqual([...faults], []);
  },
);

test.serial("a share of datagrams is lost", async (t) => {
  const { numbers, faults } = await sent({ datagramLossProbability: 0.3 });
  t.is(numbers.length, 300 - (faults.get("datagram loss") ?? 0));
  t.true(numbers.length > 150 && numbers.length < 270);
  t.deepEqual(
    numbers,
    numbers.toSorted((left, right) => left - right),
  );
});

test.serial("a share of datagrams arrives twice", async (t) => {
  const { numbers, faults } = await sent({ datagramDuplicateProbability: 0.2 });
  t.is(numbers.length, 300 + (faults.get("datagram duplicate") ?? 0));
  t.is(new Set(numbers).size, 300);
});

test.serial("a share of datagrams is overtaken", async (t) => {
  const { numbers, faults } = await sent({ datagramReorderProbability: 0.2 });
  t.is(numbers.length, 300);
  t.notDeepEqual(
    numbers,
    numbers.toSorted((left, right) => left - right),
  );
  t.true((faults.get("datagram reorder") ?? 0) > 20);
});

test.serial(
  "a cut drops datagrams, a clog delays them, a longer one is refused",
  async (t) => {
    const world = worldOf({
      network: { latencyMs: [1, 1], datagramBytesMax: 8 },
    });
    await world.run(async () => {
      const to = await world
        .providers(ipA)
        .network.bindDatagram(`${ipA}:${port}`);
      const from = await world.providers(ipB).network.bindDatagram(`${ipB}:0`);
      t.true(from instanceof SimDatagramSocket);
      const receiving = to.receive();
      const told = watch(receiving);
      world.network.partition(ipA, ipB);
      await from.send(Uint8Array.of(1), to.address);
      await world.time.sleep(50);
      world.network.healAll();
      await world.time.sleep(50);
      t.false(told.settled);
      world.network.clog({ to: ipA }, 100);
      await from.send(Uint8Array.of(2), to.address);
      await world.time.sleep(50);
      t.false(told.settled);
      t.deepEqual((await receiving).bytes, Uint8Array.of(2));
      const error: unknown = await from
        .send(new Uint8Array(9), to.address)
        .catch((failure: unknown) => failure);
      t.true(isNetworkError(error, "too_large"));
    });
    t.is(world.faults.counts.get("datagram loss"), 1);
  },
);

test.serial(
  "a killed process frees its datagram port, and its successor can have it",
  async (t) => {
    const world = worldOf();
    await world.run(async () => {
      await world.providers(ipA).network.bindDatagram(`${ipA}:${port}`);
      const taken: unknown = await world
        .providers(ipA)
        .network.bindDatagram(`${ipA}:${port}`)
        .catch((failure: unknown) => failure);
      t.true(isNetworkError(taken, "address_in_use"));
      world.kill(ipA);
      await world.time.sleep(1);
      await world.providers(ipA).network.bindDatagram(`${ipA}:${port}`);
    });
  },
);

test.serial(
  "a name reaches every machine that has it, and only known names do",
  async (t) => {
    const world = worldOf();
    await world.run(async () => {
      world.network.name("Bank", ipA, ipB);
      world.network.name("first", ipA);
      for (const ip of [ipA, ipB])
        await world.providers(ip).network.bind(`${ip}:${port}`);
      const { network } = world.providers(ipC);
      const reached = new Set<string>();
      for (let turn = 0; turn < 20; turn += 1)
        reached.add((await network.connect(`bank:${port}`)).remote.ip);
      t.deepEqual([...reached].toSorted(), [ipA, ipB]);
      t.is((await network.connect(`FIRST:${port}`)).remote.ip, ipA);
      const error: unknown = await network
        .connect(`nobody:${port}`)
        .catch((failure: unknown) => failure);
      t.true(isNetworkError(error, "unreachable"));
      world.network.partition(ipA, ipC);
    });
  },
);
