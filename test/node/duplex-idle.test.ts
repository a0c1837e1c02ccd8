/** When exactly a duplex is idle, on a simulated clock. */
import test from "ava";

import { bytesOf } from "../contract/streams.ts";
import { simHarness, withDuplex } from "./duplex-pair.ts";

test.serial("a duplex is idle once, and not before its time", (t) =>
  withDuplex(simHarness, {}, async ({ duplex, peer, providers }) => {
    const idle: number[] = [];
    const since = providers.time.now();
    duplex.setTimeout(60, () => idle.push(providers.time.now() - since));
    duplex.resume();
    await providers.time.sleep(40);
    await peer.write(bytesOf("."));
    await providers.time.sleep(40);
    t.deepEqual(idle, [], "a byte came in between");
    await providers.time.sleep(70);
    t.is(idle.length, 1);
    t.true((idle[0] ?? 0) >= 100 && (idle[0] ?? 0) < 110);
    await providers.time.sleep(100);
    t.is(idle.length, 1, "once, until something happens");
  }),
);

test.serial("a duplex is idle again after something happened", (t) =>
  withDuplex(simHarness, {}, async ({ duplex, providers }) => {
    let times = 0;
    duplex.on("timeout", () => (times += 1));
    duplex.setTimeout(20);
    await providers.time.sleep(40);
    duplex.write("x");
    await providers.time.sleep(60);
    t.is(times, 2);
    duplex.setTimeout(0);
    duplex.write("x");
    await providers.time.sleep(60);
    t.is(times, 2);
  }),
);
