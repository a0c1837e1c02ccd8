import test from "ava";

import { SimWorld, TraceQuery } from "../../src/sim/index.ts";

/** Two processes that say what they do, a millisecond apart. */
async function talk(world: SimWorld): Promise<void> {
  for (const ip of ["10.0.1.1", "10.0.1.2"]) {
    world.boot(ip, async ({ time, trace }) => {
      trace.emit("begin", { ip });
      await time.sleep(1);
      trace.emit("end", { ip });
    });
  }
  await world.runUntilEmpty();
}

test.serial(
  "TraceQuery gives each entry that matches once, in order",
  async (t) => {
    const world = new SimWorld({ seed: 1 });
    const all = new TraceQuery(world.trace);
    const ends = new TraceQuery(world.trace, { name: "end" });
    const one = new TraceQuery(world.trace, {
      name: "begin",
      source: "10.0.1.2",
    });
    await talk(world);
    t.is(all.length, 4);
    t.deepEqual(
      [ends.next(), ends.next(), ends.next()].map((entry) => entry?.source),
      ["10.0.1.1", "10.0.1.2", undefined],
    );
    t.like(one.next(), { atMs: 0, name: "begin", source: "10.0.1.2" });
    t.is(one.next(), undefined);
    t.is(all.since(3).length, 1);
    t.is(all.missed, 0);
    world.end();
  },
);

test.serial(
  "TraceQuery costs a world nothing before it begins and after it is closed, and changes no course",
  async (t) => {
    const plain = new SimWorld({ seed: 1 });
    t.false(plain.trace.enabled);
    await talk(plain);
    const asked = new SimWorld({ seed: 1 });
    const query = new TraceQuery(asked.trace);
    t.true(asked.trace.enabled);
    await talk(asked);
    t.is(asked.fingerprint, plain.fingerprint);
    query.close();
    t.false(asked.trace.enabled);
    t.is(query.length, 4, "what it collected stays");
    asked.end();
    plain.end();
  },
);

test.serial("TraceQuery says how much nobody read in time", async (t) => {
  const world = new SimWorld({ seed: 1 });
  const query = new TraceQuery(world.trace);
  world.boot("10.0.1.1", ({ trace }) => {
    for (let number = 0; number < 30_000; number += 1)
      trace.emit("drop", { number });
  });
  await world.runUntilEmpty();
  t.is(query.length, 30_000);
  const first = query.next();
  t.true(query.missed > 0);
  t.is(first?.fields["number"], query.missed);
  world.end();
});
