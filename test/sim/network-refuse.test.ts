/** A network that says no: by chance, and to nonsense. */
import test from "ava";

import { codeOf, ipA, ipB, listen, worldOf } from "./support.ts";

const chances: readonly [probability: number, least: number, most: number][] = [
  [0, 0, 0],
  [0.3, 90, 150],
  [1, 400, 400],
];
for (const [refuseProbability, least, most] of chances) {
  test.serial(
    `with a refuseProbability of ${refuseProbability}, that share of connects is refused`,
    async (t) => {
      const world = worldOf({ network: { refuseProbability } });
      await world.run(async () => {
        await listen(world);
        let refused = 0;
        for (let turn = 0; turn < 400; turn += 1)
          refused += (await codeOf(world)) === "refused" ? 1 : 0;
        t.true(refused >= least && refused <= most, `${refused} of 400`);
      });
    },
  );
}

test.serial(
  "calm heals all, and lets nothing be refused by chance any more",
  async (t) => {
    const world = worldOf({ network: { refuseProbability: 1 } });
    await world.run(async () => {
      await listen(world);
      t.is(await codeOf(world), "refused");
      world.network.partition(ipA, ipB);
      world.network.calm();
      t.false(world.network.isPartitioned(ipA, ipB));
      t.is(await codeOf(world), "connected");
    });
  },
);

const nonsense: readonly [option: string, value: unknown][] = [
  ["latencyMs", [2, 1]],
  ["latencyMs", [-1, 1]],
  ["bindMs", [0, Infinity]],
  ["connectMs", [Number.NaN, 1]],
  ["resetAfterMs", [1, Number.NaN]],
  ["connectTimeoutMs", 0],
  ["refuseProbability", 1.5],
  ["refuseProbability", -0.1],
  ["windowBytes", 0],
  ["windowBytes", 1.5],
];
for (const [option, value] of nonsense) {
  test(`the network option ${option} cannot be ${JSON.stringify(value)}`, (t) => {
    const error = t.throws(() => worldOf({ network: { [option]: value } }), {
      name: "SimulationError",
    });
    t.is(
      error?.message,
      `[bad_option] network option ${option} cannot be ${JSON.stringify(value)}`,
    );
  });
}
