/** Instants as messages: clocks have fractions of milliseconds in a simulated world, timestamps take none. */
import { toBinary } from "@bufbuild/protobuf";
import {
  type Timestamp,
  timestampFromMs,
  timestampMs,
  TimestampSchema,
} from "@bufbuild/protobuf/wkt";
import test from "ava";

import type { TimeProvider } from "../../src/core/index.ts";
import { nodeProviders } from "../../src/node/index.ts";
import { worldEpochMs } from "../../src/sim/index.ts";
import { ipA, worldOf } from "../sim/support.ts";

function wallTimestamp(time: TimeProvider): Timestamp {
  const createdAt = timestampFromMs(Math.floor(time.wallClock()));
  return createdAt;
}

test.serial(
  "a simulated wall clock makes a timestamp that can be sent, once its fraction is dropped",
  async (t) => {
    const world = worldOf();
    await world.run(async () => {
      const { time } = world.providers(ipA);
      await time.sleep(3.5);
      const stamp = wallTimestamp(time);
      t.is(timestampMs(stamp), worldEpochMs + 3);
      t.true(toBinary(TimestampSchema, stamp).length > 0);
      t.is(time.wallClock(), worldEpochMs + 3.5);
    });
  },
);

test("the wall clock of Node makes a timestamp of this year or a later one", (t) => {
  const stamp = wallTimestamp(nodeProviders().time);
  t.true(timestampMs(stamp) > worldEpochMs - 366 * 86_400_000);
});
