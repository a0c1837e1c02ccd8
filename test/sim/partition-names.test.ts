/** Whom a partition concerns, and how it is counted. */
import test from "ava";

import {
  connect,
  ipA,
  ipB,
  ipC,
  pattern,
  port,
  watch,
  worldOf,
} from "./support.ts";

test.serial(
  "a partition concerns the two machines that it names, and no others",
  async (t) => {
    const world = worldOf();
    await world.run(async () => {
      const { listener } = await connect(world);
      world.network.partition(ipA, ipB);
      const other = await world
        .providers(ipC)
        .network.connect(`${ipA}:${port}`);
      const server = await listener.accept();
      await other.write(pattern(3));
      t.deepEqual(await server.read(), pattern(3));
      t.deepEqual(
        [
          world.network.isPartitioned(ipB, ipA),
          world.network.isPartitioned(ipA, ipC),
        ],
        [true, false],
      );
    });
  },
);

test.serial(
  "partitions are counted once each, and healed by one heal",
  async (t) => {
    const world = worldOf();
    const { network, faults } = world;
    t.is(faults.counts.get("partition"), undefined);
    network.partition(ipA, ipB);
    network.partition(ipB, ipA);
    network.partition(ipA, ipA);
    network.partition(ipA, ipC);
    t.is(faults.counts.get("partition"), 2);
    network.heal(ipB, ipA);
    network.heal(ipB, ipA);
    t.false(network.isPartitioned(ipA, ipB));
    t.true(network.isPartitioned(ipC, ipA));
    network.partition(ipA, ipB);
    t.is(faults.counts.get("partition"), 3);
    network.healAll();
    for (const [left, right] of [
      [ipA, ipB],
      [ipA, ipC],
    ] as const)
      t.false(network.isPartitioned(left, right));
    await world.run(() => connect(world));
  },
);

test.serial(
  "a partition takes any spelling of an address, and refuses what is none",
  async (t) => {
    const world = worldOf();
    world.network.partition("FD00:0::1", "fd00::0002");
    t.true(world.network.isPartitioned("fd00::1", "fd00::2"));
    await world.run(async () => {
      await world.providers("fd00::1").network.bind(`[fd00::1]:${port}`);
      const connecting = watch(
        world.providers("fd00::2").network.connect(`[fd00::1]:${port}`),
      );
      await world.time.sleep(1_000);
      t.false(connecting.settled);
      world.network.heal("fd00:0:0::1", "fd00::2");
      await world.time.sleep(100);
      t.true(connecting.settled);
    });
    t.throws(() => world.network.partition("bank-1", ipA), {
      name: "NetworkAddressParseError",
    });
  },
);
