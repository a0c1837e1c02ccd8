/** What befalls bytes: torn writes, short reads, flipped bits; and connects that fail though somebody listens. */
import test from "ava";

import { isNetworkError } from "../../src/core/index.ts";
import type {
  ChaosConfiguration,
  ConnectFailureMode,
  NetworkConfiguration,
} from "../../src/sim/index.ts";
import { connect, drain, ipA, ipB, pattern, port, worldOf } from "./support.ts";

/** Send a stream of 40 writes of 500 bytes over two seconds: the chunks as they were read, and what struck. */
async function stream(
  network: Partial<NetworkConfiguration>,
  seed = 1,
): Promise<{ chunks: Uint8Array[]; faults: ReadonlyMap<string, number> }> {
  const world = worldOf({ seed, network: { latencyMs: [1, 1], ...network } });
  const chunks: Uint8Array[] = [];
  await world.run(async () => {
    const { client, server } = await connect(world);
    for (let part = 0; part < 40; part += 1) {
      await client.write(pattern(500, part * 500));
      for (let got = 0; got < 500; got += chunks.at(-1)?.length ?? 500) {
        const chunk = await server.read();
        if (chunk !== undefined) chunks.push(chunk);
      }
      await world.time.sleep(50);
    }
    client.end();
    await drain(server);
  });
  return { chunks, faults: world.faults.counts };
}

const partials: readonly [Partial<ChaosConfiguration>, string][] = [
  [{ partialWriteEveryMs: 100, partialWriteMaxBytes: 60 }, "partial writes"],
  [{ partialReadEveryMs: 100, partialReadMaxBytes: 60 }, "partial reads"],
];
for (const [options, fault] of partials) {
  test.serial(
    `${fault} come in episodes, and change nothing of what is said`,
    async (t) => {
      const { chunks, faults } = await stream({
        ...options,
        partialForMs: [100, 200],
      });
      const lengths = chunks.map((chunk) => chunk.length);
      t.is(
        lengths.reduce((sum, length) => sum + length, 0),
        20_000,
      );
      t.true(lengths.includes(500), "at times all is well");
      t.true(
        lengths.filter((length) => length <= 60).length > 10,
        lengths.join(),
      );
      const count = faults.get(fault) ?? 0;
      t.true(count > 2 && count < 25, `${count} episodes`);
      let at = 0;
      for (const chunk of chunks) {
        t.deepEqual(chunk, pattern(chunk.length, at));
        at += chunk.length;
      }
    },
  );
}

test.serial(
  "bits flip as often as time passes, few at once, and only when asked",
  async (t) => {
    let flipped = 0;
    const bits: number[] = [];
    for (let seed = 0; seed < 20; seed += 1) {
      const { chunks, faults } = await stream({ bitFlipEveryMs: 200 }, seed);
      for (const [part, chunk] of chunks.entries()) {
        const wrong = differingBits(chunk, pattern(500, part * 500));
        if (wrong > 0) bits.push(wrong);
      }
      flipped += faults.get("bit flip") ?? 0;
    }
    t.is(flipped, bits.length);
    t.true(flipped > 120 && flipped < 260, `${flipped} in 40 s`);
    t.true(bits.filter((count) => count === 1).length > flipped / 3);
    t.true(Math.max(...bits) > 3 && Math.max(...bits) <= 32);
  },
);

test.serial("four times the traffic is not struck more often", async (t) => {
  const strikes = async (writes: number): Promise<number> => {
    let count = 0;
    for (let seed = 0; seed < 20; seed += 1) {
      const world = worldOf({ seed, network: { bitFlipEveryMs: 100 } });
      await world.run(async () => {
        const { client, server } = await connect(world);
        for (let turn = 0; turn < writes; turn += 1) {
          await client.write(pattern(10));
          await server.read();
          await world.time.sleep(2_000 / writes);
        }
      });
      count += world.faults.counts.get("bit flip") ?? 0;
    }
    return count;
  };
  const [few, many] = [await strikes(100), await strikes(400)];
  t.true(many < few * 1.4, `${few} and ${many}`);
});

test.serial("nothing of all this happens unless it is asked for", async (t) => {
  const { chunks, faults } = await stream({});
  t.is(chunks.length, 40);
  t.deepEqual([...faults], []);
});

const never: ConnectFailureMode = "disabled";
const failures: readonly [
  Partial<NetworkConfiguration>,
  string,
  number,
  number,
][] = [
  [{ refuseProbability: 0.3 }, "refused", 30, 90],
  [{ hangProbability: 0.3 }, "timed_out", 30, 90],
  [{ connectFailureMode: "always_fail" }, "refused", 200, 200],
  [{ connectFailureMode: never, refuseProbability: 1 }, "refused", 0, 0],
];
for (const [network, code, least, most] of failures) {
  test.serial(
    `connects with ${JSON.stringify(network)} are ${code}`,
    async (t) => {
      const world = worldOf({ network: { connectTimeoutMs: 500, ...network } });
      await world.run(async () => {
        await world.providers(ipA).network.bind(`${ipA}:${port}`);
        let failed = 0;
        for (let turn = 0; turn < 200; turn += 1) {
          const dialling = world
            .providers(ipB)
            .network.connect(`${ipA}:${port}`);
          const outcome: unknown = await dialling.catch(
            (error: unknown) => error,
          );
          if (isNetworkError(outcome))
            failed += outcome.code === code ? 1 : 1_000;
        }
        t.true(failed >= least && failed <= most, `${failed} of 200`);
      });
    },
  );
}

function differingBits(left: Uint8Array, right: Uint8Array): number {
  let count = 0;
  for (const [place, byte] of left.entries()) {
    for (let rest = byte ^ (right[place] as number); rest > 0; rest >>>= 1)
      count += rest & 1;
  }
  return count;
}
