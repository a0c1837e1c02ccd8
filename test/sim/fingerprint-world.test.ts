/** The fingerprint of whole worlds: equal for equal runs, different for anything else. */
import test from "ava";

import { OpenOptions } from "../../src/core/index.ts";
import type { SimProviders } from "../../src/sim/index.ts";
import { busyRun, connect, ipA, ipB, worldOf } from "./support.ts";

const create = OpenOptions.openOrCreate;

test.serial("equal runs have equal fingerprints, at every step", async (t) => {
  const trail = async (seed: number): Promise<string[]> => {
    const world = worldOf({ seed, tieBreak: "random", clockDriftMaxMs: 5 });
    const prints: string[] = [];
    for (const ip of [ipA, ipB]) {
      world.boot(ip, async ({ time, random }) => {
        for (let turn = 0; turn < 20; turn += 1)
          await time.sleep(random.below(3) + (time.timer() - time.now()) / 10);
      });
    }
    while (await world.step()) prints.push(world.fingerprint);
    return prints;
  };
  const first = await trail(1);
  t.deepEqual(await trail(1), first);
  t.is(new Set(first).size, first.length, "and every step changes it");
  t.not((await trail(2)).at(-1), first.at(-1));
});

test.serial("different seeds give different fingerprints", async (t) => {
  const prints = new Set<string>();
  for (let seed = 0; seed < 30; seed += 1)
    prints.add((await busyRun({ seed })).fingerprint);
  t.is(prints.size, 30);
});

type Act = (life: SimProviders, byte: number) => Promise<unknown>;
const payloads: readonly [what: string, act: Act][] = [
  [
    "a byte that is written to a disk",
    async ({ storage }, byte) =>
      (await storage.open("f", create)).append(at(byte)),
  ],
  [
    "a draw of a process",
    async ({ random, time }, byte) =>
      time.sleep(byte === 1 ? random.below(1) : 0),
  ],
  ["a trip of a timer", async ({ time }, byte) => time.sleep(byte)],
];
for (const [what, act] of payloads) {
  test.serial(`the fingerprint of a world sees ${what}`, async (t) => {
    const run = async (byte: number): Promise<string> => {
      const world = worldOf();
      await world.run(() => act(world.providers(ipB), byte));
      return world.fingerprint;
    };
    t.is(await run(1), await run(1));
    t.not(await run(1), await run(2));
  });
}

test.serial(
  "the fingerprint of a world sees a byte that travels",
  async (t) => {
    const run = async (byte: number): Promise<string> => {
      const world = worldOf();
      await world.run(async () => {
        const { client, server } = await connect(world);
        await client.write(at(byte));
        await server.read();
      });
      return world.fingerprint;
    };
    t.is(await run(1), await run(1));
    t.not(await run(1), await run(2));
  },
);

function at(byte: number): Uint8Array {
  return Uint8Array.of(7, byte, 7);
}
