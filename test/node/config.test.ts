/** The options of the real world, and what it offers to the laboratory. */
import test from "ava";

import {
  defaultNodeConfig,
  drawSeed,
  hostNowMs,
  hostWallClockMs,
  type NodeConfig,
  nodeProviders,
  resolveNodeConfig,
} from "../../src/node/index.ts";

test("resolveNodeConfig fills in defaults and freezes", (t) => {
  const config = resolveNodeConfig({ dataFolder: "elsewhere" });
  t.deepEqual(config, { ...defaultNodeConfig, dataFolder: "elsewhere" });
  t.true(Object.isFrozen(config));
  t.true(Object.isFrozen(defaultNodeConfig));
});

const nonsense: readonly Partial<NodeConfig>[] = [
  { lingerMs: -1 },
  { lingerMs: 2_147_483_648 },
  { lingerMs: Number.NaN },
  { readAheadBytes: 0 },
  { writeBufferBytes: 0.5 },
  { acceptQueueLengthMax: 0 },
  { dataFolder: "" },
];

for (const given of nonsense) {
  const [option, value] = Object.entries(given)[0] as [string, unknown];
  test(`resolveNodeConfig refuses ${option} = ${JSON.stringify(value)} ${String(value)} by name`, (t) => {
    const error = t.throws(() => resolveNodeConfig(given), { any: true });
    t.true(error instanceof RangeError || error instanceof TypeError);
    t.true(String(error).includes(option), String(error));
  });
}

test("nodeProviders refuses nonsense before it does anything", (t) => {
  t.throws(() => nodeProviders({ lingerMs: -1 }), { instanceOf: RangeError });
});

test("drawSeed yields safe integers that differ", (t) => {
  const seeds = Array.from({ length: 100 }, drawSeed);
  t.true(seeds.every((seed) => Number.isSafeInteger(seed) && seed >= 0));
  t.is(new Set(seeds).size, 100);
  t.true(seeds.some((seed) => seed > 0xffff_ffff));
});

test("the host's clocks are clocks", (t) => {
  const before = hostNowMs();
  t.true(hostNowMs() >= before);
  t.true(Math.abs(hostWallClockMs() - Date.now()) < 1_000);
});
