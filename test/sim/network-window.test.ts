/** Backpressure: a writer goes no further ahead of its reader than the window, whatever the network does. */
import test from "ava";

import type { Connection } from "../../src/core/index.ts";
import { connect, ipA, ipB, pattern, watch, worldOf } from "./support.ts";

const chunk = 100;
const network = { windowBytes: 1_000, latencyMs: [1, 1] } as const;

test.serial(
  "a writer whose reader reads nothing stops one write above the window",
  async (t) => {
    const world = worldOf({ network });
    await world.run(async () => {
      const { client } = await connect(world);
      const counter = keepWriting(client);
      await world.time.sleep(60_000);
      t.is(
        counter.written,
        10,
        "ten writes fill the window, the eleventh waits",
      );
    });
  },
);

test.serial(
  "a reader that takes half lets the writer go on; news of room takes its time",
  async (t) => {
    const world = worldOf({ network });
    await world.run(async () => {
      const { client, server } = await connect(world);
      const counter = keepWriting(client);
      await world.time.sleep(100);
      for (let read = 0; read < 5; read += 1) await server.read();
      await world.time.sleep(100);
      t.is(counter.written, 10, "not yet half of the window is free");
      await server.read();
      t.is(counter.written, 10);
      await world.time.sleep(0.9);
      t.is(counter.written, 10, "the news is on its way");
      await world.time.sleep(0.2);
      t.true(counter.written > 10);
    });
  },
);

test.serial(
  "a writer never runs further ahead than the window and one write, over random reading",
  async (t) => {
    for (let seed = 0; seed < 20; seed += 1) {
      const world = worldOf({
        seed,
        tieBreak: "random",
        network: { windowBytes: 1_000, latencyMs: [0, 5] },
      });
      await world.run(async () => {
        const { client, server } = await connect(world);
        const counter = keepWriting(client);
        let read = 0;
        for (let turn = 0; turn < 200; turn += 1) {
          read += (await server.read())?.length ?? 0;
          t.true(
            counter.written * chunk - read <= 1_000,
            `${counter.written * chunk - read} bytes ahead`,
          );
          if (world.random("reader").bool(0.2)) await world.time.sleep(10);
        }
      });
    }
  },
);

test.serial(
  "a partition stops a writer whose news of room is held; healing lets it go on",
  async (t) => {
    const world = worldOf({ network });
    await world.run(async () => {
      const { client, server } = await connect(world);
      const counter = keepWriting(client);
      await world.time.sleep(100);
      world.network.partition(ipA, ipB);
      await readAll(server, 1_100);
      await world.time.sleep(1_000);
      t.is(counter.written, 10);
      world.network.heal(ipA, ipB);
      await readAll(server, 5_000);
      t.true(counter.written >= 50);
    });
  },
);

test.serial(
  "a partition in the middle of a large write loses nothing of it",
  async (t) => {
    const world = worldOf({ network: { windowBytes: 10_000 } });
    await world.run(async () => {
      const { client, server } = await connect(world);
      const writing = watch(
        client.write(
          Array.from({ length: 100 }, (_, part) =>
            pattern(1_000, part * 1_000),
          ),
        ),
      );
      world.time.schedule(0.3, () => world.network.partition(ipA, ipB));
      world.time.schedule(3_000, () => world.network.heal(ipA, ipB));
      t.deepEqual(await readAll(server, 100_000), pattern(100_000));
      await world.time.sleep(10);
      t.true(writing.settled);
    });
  },
);

test.serial(
  "bytes that were written may be changed by the reader without harm to the writer",
  async (t) => {
    const world = worldOf();
    await world.run(async () => {
      const { client, server } = await connect(world);
      const bytes = pattern(10);
      await client.write([bytes, bytes]);
      await client.write(bytes);
      for (let turn = 0; turn < 3; turn += 1) {
        const read = await server.read();
        t.deepEqual(read, pattern(10));
        read?.fill(0);
      }
      t.deepEqual(bytes, pattern(10));
    });
  },
);

/** Writes chunk after chunk, and counts those that there was room for. */
function keepWriting(connection: Connection): { readonly written: number } {
  const counter = { written: 0 };
  const loop = async (): Promise<void> => {
    for (;;) {
      await connection.write(pattern(chunk));
      counter.written += 1;
    }
  };
  loop().catch((error: unknown) => error);
  return counter;
}

async function readAll(
  connection: Connection,
  length: number,
): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  for (let at = 0; at < length;) {
    const part = await connection.read();
    if (part === undefined) break;
    bytes.set(part.subarray(0, length - at), at);
    at += part.length;
  }
  return bytes;
}
