/** Many seeds of partitions and kills: whoever reads sees an exact prefix of what was written, or all of it. */
import test, { type ExecutionContext } from "ava";

import { equalBytes } from "../../src/base/bytes.ts";
import { isNetworkError, type Connection } from "../../src/core/index.ts";
import type { SimProviders, SimWorld } from "../../src/sim/index.ts";
import { drain, forgivingWorld, ipA, ipB, pattern, port } from "./support.ts";

const seeds = 150;
const length = 20_000;

/** What became of one stream, seen from both ends. */
interface Tally {
  streams: number;
  whole: number;
  torn: number;
}

test.serial(
  `in ${seeds} seeds of partitions and kills every stream is a prefix, and an end means all of it`,
  async (t) => {
    const tally: Tally = { streams: 0, whole: 0, torn: 0 };
    const faults = new Map<string, number>();
    for (let seed = 0; seed < seeds; seed += 1) {
      const world = await stormyWorld(t, seed, tally);
      for (const [kind, count] of world.faults.counts)
        faults.set(kind, (faults.get(kind) ?? 0) + count);
    }
    t.true(tally.whole > seeds, `${tally.whole} streams arrived whole`);
    t.true(tally.torn > seeds, `${tally.torn} streams were torn`);
    t.true((faults.get("partition") ?? 0) > seeds, "there were partitions");
  },
);

async function stormyWorld(
  t: ExecutionContext,
  seed: number,
  tally: Tally,
): Promise<SimWorld> {
  const { world, crashes } = forgivingWorld({
    seed,
    tieBreak: seed % 2 === 0 ? "fifo" : "random",
    network: {
      latencyMs: [0, seed % 3 === 0 ? 0.5 : 40],
      resetAfterMs: [100, 900],
      connectTimeoutMs: 500,
      windowBytes: 8_192,
    },
  });
  const bootAll = (): void => {
    if (!world.isAlive(ipA))
      world.boot(ipA, (life) => receive(t, life, tally, seed));
    if (!world.isAlive(ipB)) world.boot(ipB, send);
  };
  bootAll();
  await world.run(async () => {
    const chance = world.random("storm");
    for (let turn = 0; turn < 20; turn += 1) {
      await world.time.sleep(chance.range(1, 300));
      const choice = chance.below(4);
      if (choice === 0) world.kill(chance.pick([ipA, ipB, ipB]));
      else if (choice <= 2) world.network.healAll();
      else world.network.partition(ipA, ipB);
      await world.time.sleep(chance.range(0, 400));
      bootAll();
    }
    world.network.healAll();
    await world.time.sleep(2_000);
  });
  t.deepEqual(crashes, []);
  t.is(world.ghostCalls, 0);
  return world;
}

/** Take streams, one after the other and each beside the others, and compare them with what is always sent. */
async function receive(
  t: ExecutionContext,
  { network, tasks }: SimProviders,
  tally: Tally,
  seed: number,
): Promise<void> {
  const listener = await network.bind(`${ipA}:${port}`);
  for (;;) {
    const connection = await listener.accept();
    tasks.spawn("reader", () => readOne(t, connection, tally, seed));
  }
}

async function readOne(
  t: ExecutionContext,
  connection: Connection,
  tally: Tally,
  seed: number,
): Promise<void> {
  const { bytes, end } = await drain(connection);
  tally.streams += 1;
  t.true(
    equalBytes(bytes, pattern(bytes.length)),
    `seed ${seed}: not what was sent`,
  );
  if (end === "end") {
    tally.whole += 1;
    t.is(bytes.length, length, `seed ${seed}: an end in the middle`);
    connection.close();
  } else {
    tally.torn += 1;
    t.true(isNetworkError(end, "reset"), `seed ${seed}: ${String(end)}`);
    t.is(
      (await drain(connection)).bytes.length,
      0,
      `seed ${seed}: bytes after a reset`,
    );
  }
}

/** Send the same stream again and again, in pieces of any size. */
async function send({ network, random, time }: SimProviders): Promise<void> {
  for (;;) {
    const connection = await network
      .connect(`${ipA}:${port}`)
      .catch(() => undefined);
    if (connection !== undefined) await sendOne(connection, random, time);
    await time.sleep(random.range(5, 50));
  }
}

async function sendOne(
  connection: Connection,
  random: SimProviders["random"],
  time: SimProviders["time"],
): Promise<void> {
  try {
    for (let at = 0; at < length;) {
      const size = Math.min(length - at, random.range(1, 2_000));
      await connection.write(pattern(size, at));
      if (random.bool()) await time.sleep(random.ratio() * 30);
      at += size;
    }
    connection.end();
    await connection.read();
  } catch (error) {
    if (!isNetworkError(error, "reset")) throw error;
  }
}
