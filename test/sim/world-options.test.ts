/** What a world may be told, and what it refuses to be told. */
import test from "ava";

import type { SimWorldOptions, Weather } from "../../src/sim/index.ts";
import { ipA, ipB, worldOf } from "./support.ts";

test("an option that does not exist is refused by name", (t) => {
  const misspelt: readonly [options: object, option: string][] = [
    [{ setling: "tick" }, "setling"],
    [{ network: { latency: [1, 2] } }, "latency"],
    [{ storage: { readMS: [1, 2] } }, "readMS"],
  ];
  for (const [options, option] of misspelt) {
    const error = t.throws(() => worldOf(options as Partial<SimWorldOptions>), {
      name: "SimulationError",
    });
    t.true(error?.message.includes(`"${option}"`), error?.message);
  }
});

for (const option of ["readMs", "writeMs", "syncMs"] as const) {
  test(`the storage option ${option} is a range of milliseconds`, (t) => {
    for (const value of [
      [2, 1],
      [-1, 1],
      [0, Infinity],
      [Number.NaN, 1],
    ] as const) {
      t.throws(() => worldOf({ storage: { [option]: value } }), {
        name: "SimulationError",
        message: `[bad_option] storage option ${option} cannot be ${JSON.stringify(value)}`,
      });
    }
  });
}

test.serial(
  "one device takes up one thing after another, and changes of one file take place in order",
  async (t) => {
    const world = worldOf({
      storage: {
        ...{ readMs: [1, 1], writeMs: [10, 10], syncMs: [100, 100] },
        ...{ iops: 1_000, bytesPerSecond: 1_000 },
      },
    });
    await world.run(async () => {
      const { storage } = world.providers(ipA);
      const file = await storage.open("file", { write: true, create: true });
      await Promise.all([
        file.append(new Uint8Array(1)),
        file.append(new Uint8Array(1)),
        file.sync(),
      ]);
      const [openMs, appendsMs, syncMs] = [1 + 1, 2 * (1 + 1), 1 + 100];
      t.is(world.nowMs, openMs + appendsMs + syncMs);
      const other = world.providers(ipB).storage;
      await Promise.all([storage.exists("file"), other.exists("file")]);
      t.is(world.nowMs, 107 + 2, "two machines have two devices");
    });
  },
);

test.serial(
  "weather is drawn from the seed, and outranks the options beside it",
  async (t) => {
    const draw = (random: { ratio(): number }): Weather => ({
      tieBreak: "random",
      network: { connectMs: [random.ratio(), 2], windowBytes: 77 },
    });
    const worlds = [1, 1, 2].map((seed) =>
      worldOf({ seed, drawWeather: draw, network: { windowBytes: 5 } }),
    );
    const [first, again, other] = worlds.map(
      ({ network }) => network.config.connectMs[0],
    );
    t.is(first, again);
    t.not(first, other);
    t.is(worlds[0]?.network.config.windowBytes, 77);
  },
);
