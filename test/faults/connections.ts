/** What befalls connections one by one, and the bytes in them. */
import { isNetworkError } from "../../src/core/index.ts";
import type { Circuit, NetworkConfiguration } from "../../src/sim/index.ts";
import { connect, drain, pattern, watch, type Pair } from "../sim/support.ts";
import { inWorld, type Family, type Sight } from "./family.ts";

interface Wired extends Pair {
  readonly circuit: Circuit;
  readonly sleep: (ms: number) => Promise<void>;
}

/** Run with one connection, and what can be done to it. */
function wired(
  network: Partial<NetworkConfiguration>,
  seen: (wired: Wired) => Promise<boolean>,
): Promise<Sight> {
  return inWorld({ network }, async (world) => {
    const pair = await connect(world);
    const [circuit] = world.network.circuits;
    const sleep = (ms: number): Promise<void> => world.time.sleep(ms);
    return seen({ ...pair, circuit: circuit as Circuit, sleep });
  });
}

/** Write for a while, and return the lengths of what is read. */
async function lengths({ client, server, sleep }: Wired): Promise<number[]> {
  const read: number[] = [];
  for (let turn = 0; turn < 50; turn += 1) {
    await client.write(pattern(1_000));
    await sleep(10);
    for (let rest = 1_000; rest > 0; rest -= read.at(-1) ?? rest)
      read.push((await server.read())?.length ?? 0);
  }
  return read;
}

/** Listen for two minutes to a peer that says nothing, then say something; how either ended. */
async function silence({ client, server, sleep }: Wired): Promise<{
  heard: boolean;
  gone: boolean;
}> {
  const reading = watch(drain(server));
  await sleep(120_000);
  const heard = reading.settled;
  const writing: unknown = await client
    .write(pattern(1))
    .catch((error: unknown) => error);
  await sleep(20_000);
  const again: unknown = await client
    .write(pattern(1))
    .catch((error: unknown) => error);
  return { heard, gone: [writing, again].some((end) => isNetworkError(end)) };
}

const closes: readonly string[] = ["graceful", "one-sided", "abortive"];

export const connectionFamilies: readonly Family[] = [
  {
    fault: "connection cut",
    counted: ["connection cut"],
    live: (on) =>
      wired({}, async ({ client, server, circuit, sleep }) => {
        if (on) circuit.cut(500);
        const reading = watch(server.read());
        await client.write(pattern(1));
        await sleep(400);
        const held = !reading.settled;
        await sleep(200);
        return held && reading.settled;
      }),
  },
  {
    fault: "peer crash",
    counted: ["peer crash"],
    live: (on) =>
      wired({}, async ({ client, server, circuit, sleep }) => {
        if (on) circuit.crashPeer("client");
        const reading = watch(server.read());
        const writing = watch(server.write(pattern(1_000_000)));
        await client.write(pattern(1)).catch(() => undefined);
        await sleep(3_600_000);
        return !reading.settled && writing.settled;
      }),
  },
  {
    fault: "random close, told at once",
    counted: closes.map((kind) => `explicit ${kind} close`),
    live: (on) => manyCloses(on, 1, ({ heard, gone }) => heard || gone),
  },
  {
    fault: "random close, silent",
    counted: closes.map((kind) => `silent ${kind} close`),
    live: (on) => manyCloses(on, 0, ({ heard, gone }) => !heard && gone),
  },
  {
    fault: "partial writes",
    counted: ["partial writes"],
    live: (on) =>
      wired(on ? { partialWriteEveryMs: 50 } : {}, async (pair) =>
        (await lengths(pair)).some((length) => length < 1_000),
      ),
  },
  {
    fault: "partial reads",
    counted: ["partial reads"],
    live: (on) =>
      wired(on ? { partialReadEveryMs: 50 } : {}, async (pair) =>
        (await lengths(pair)).some((length) => length < 1_000),
      ),
  },
  {
    fault: "bit flips",
    counted: ["bit flip"],
    live: (on) =>
      wired(on ? { bitFlipEveryMs: 50 } : {}, async (pair) => {
        const { client, server, sleep } = pair;
        let wrong = 0;
        for (let turn = 0; turn < 50; turn += 1) {
          await client.write(pattern(100));
          await sleep(10);
          const read = (await server.read()) ?? [];
          if (read.toString() !== pattern(100).toString()) wrong += 1;
        }
        return wrong > 0;
      }),
  },
];

/** One connection in each of twenty worlds, with breaks of which so many are told at once. */
async function manyCloses(
  on: boolean,
  randomCloseExplicitRatio: number,
  seen: (end: { heard: boolean; gone: boolean }) => boolean,
): Promise<Sight> {
  const network = on
    ? { randomCloseEveryMs: 5_000, randomCloseExplicitRatio }
    : {};
  const faults = new Map<string, number>();
  let count = 0;
  for (let seed = 0; seed < 20; seed += 1) {
    const sight = await inWorld({ seed, network }, async (world) => {
      const sleep = (ms: number): Promise<void> => world.time.sleep(ms);
      const pair = await connect(world);
      const [circuit] = world.network.circuits;
      return seen(
        await silence({ ...pair, circuit: circuit as Circuit, sleep }),
      );
    });
    count += sight.seen ? 1 : 0;
    for (const [kind, times] of sight.faults)
      faults.set(kind, (faults.get(kind) ?? 0) + times);
  }
  return { seen: count > 0, faults };
}
