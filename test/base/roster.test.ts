import test from "ava";

import { Roster, type Enrolled } from "../../src/base/roster.ts";
import { Sfc32 } from "../../src/base/sfc32.ts";

interface Named extends Enrolled {
  readonly name: number;
}

test("Roster agrees with a set, whatever begins and ends", (t) => {
  const generator = new Sfc32();
  generator.seed(Uint32Array.of(1, 2, 3, 4));
  const roster = new Roster<Named>();
  const set = new Set<Named>();
  for (let name = 0; name < 5_000; name += 1) {
    const item = { name, place: -1 };
    roster.add(item);
    set.add(item);
    const leaving = generator.next() % 3;
    for (const [index, old] of [...set].entries()) {
      if (index >= leaving || generator.next() % 2 === 0) continue;
      set.delete(old);
      roster.delete(old);
      roster.delete(old);
    }
    t.is(roster.size, set.size);
    if (name % 50 === 0) t.deepEqual([...roster], [...set]);
  }
  roster.clear();
  t.deepEqual([[...roster], roster.size], [[], 0]);
});

test("Roster leaves those alone who are not on it", (t) => {
  const roster = new Roster<Named>();
  const item = { name: 1, place: -1 };
  roster.delete(item);
  roster.add({ name: 2, place: -1 });
  roster.delete({ name: 3, place: 0 });
  t.deepEqual(
    [...roster].map(({ name }) => name),
    [2],
  );
});
