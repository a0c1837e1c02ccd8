/** Networks that are ready to use. */
import test from "ava";

import {
  ChaosConfiguration,
  defaultNetworkConfiguration,
  disabledChaos,
  fastLocalNetwork,
  NetworkConfiguration,
} from "../../src/sim/index.ts";
import { busyRun, connect, pattern, worldOf } from "./support.ts";

test.serial(
  "presets are what their names say, and worlds take them",
  async (t) => {
    t.deepEqual(NetworkConfiguration.fastLocal(), fastLocalNetwork);
    t.deepEqual(ChaosConfiguration.disabled(), disabledChaos);
    t.deepEqual(NetworkConfiguration.disabled(), {
      ...defaultNetworkConfiguration,
      ...disabledChaos,
    });
    const world = worldOf({ network: NetworkConfiguration.fastLocal() });
    await world.run(async () => {
      const { client, server } = await connect(world);
      await client.write(pattern(3));
      t.deepEqual(await server.read(), pattern(3));
      t.true(world.nowMs < 0.1);
    });
    const quiet = await busyRun({ network: NetworkConfiguration.disabled() });
    t.is(quiet.log, (await busyRun()).log);
  },
);

test("a random preset differs from seed to seed, and repeats", (t) => {
  const drawn = (seed: number): [object, object] => [
    NetworkConfiguration.randomForSeed(worldOf({ seed }).random("dice")),
    ChaosConfiguration.randomForSeed(worldOf({ seed }).random("dice")),
  ];
  t.deepEqual(drawn(1), drawn(1));
  t.notDeepEqual(drawn(1)[0], drawn(2)[0]);
  t.notDeepEqual(drawn(1)[1], drawn(2)[1]);
});
