/** What every source of chance must do. */
import type { ExecutionContext } from "ava";

import { type ContractTest, contractCases, type Harness } from "./contract.ts";

export function randomContract(
  test: ContractTest,
  who: string,
  harness: Harness,
): void {
  const check = contractCases(test, `${who} random`, harness);

  check("uint32() yields unsigned integers of 32 bits", async (t, { a }) => {
    const draws = many(() => a.random.uint32());
    t.true(
      draws.every(
        (draw) => Number.isInteger(draw) && draw >= 0 && draw <= 0xffff_ffff,
      ),
    );
    t.true(
      draws.some((draw) => draw > 0x7fff_ffff),
      "the top bit is used",
    );
    t.true(new Set(draws).size > 990);
  });

  check(
    "ratio() lies in [0, 1) and uses more than 32 bits",
    async (t, { a }) => {
      const draws = many(() => a.random.ratio());
      t.true(draws.every((draw) => draw >= 0 && draw < 1));
      const mean = draws.reduce((sum, draw) => sum + draw, 0) / draws.length;
      t.true(mean > 0.4 && mean < 0.6, `the mean is ${mean}`);
      t.true(draws.some((draw) => !Number.isInteger(draw * 0x1_0000_0000)));
    },
  );

  check("below() stays below and reaches every value", async (t, { a }) => {
    t.deepEqual(
      distinct(() => a.random.below(3)),
      [0, 1, 2],
    );
    t.is(a.random.below(1), 0);
    const wide = many(() => a.random.below(Number.MAX_SAFE_INTEGER));
    t.true(wide.every((draw) => Number.isSafeInteger(draw) && draw >= 0));
    t.true(wide.some((draw) => draw > 0xffff_ffff));
  });

  check("below() favours no value", async (t, { a }) => {
    const counts = [0, 0, 0, 0, 0];
    for (let draw = 0; draw < 5_000; draw += 1) {
      const value = a.random.below(5);
      counts[value] = (counts[value] ?? 0) + 1;
    }
    t.true(
      counts.every((count) => count > 800 && count < 1_200),
      `${counts}`,
    );
  });

  check("range() includes its start and excludes its end", async (t, { a }) => {
    t.deepEqual(
      distinct(() => a.random.range(-1, 2)),
      [-1, 0, 1],
    );
    t.is(a.random.range(7, 8), 7);
  });

  check("bool() obeys its probability", async (t, { a }) => {
    t.deepEqual(
      distinct(() => Number(a.random.bool(0))),
      [0],
    );
    t.deepEqual(
      distinct(() => Number(a.random.bool(1))),
      [1],
    );
    t.deepEqual(
      distinct(() => Number(a.random.bool())),
      [0, 1],
    );
    const often = many(() => Number(a.random.bool(0.9))).filter(
      (value) => value === 1,
    ).length;
    t.true(often > 820 && often < 970, `${often} of 1000`);
  });

  check("pick() yields each of the items", async (t, { a }) => {
    const items = [{ id: 1 }, { id: 2 }];
    t.deepEqual(
      distinct(() => a.random.pick(items).id),
      [1, 2],
    );
    t.is(a.random.pick(["only"]), "only");
  });

  check(
    "bytes() has the length asked for and varied content",
    async (t, { a }) => {
      t.is(a.random.bytes(0).length, 0);
      t.is(a.random.bytes(5).length, 5);
      const bytes = a.random.bytes(4_096);
      t.is(bytes.length, 4_096);
      t.true(new Set(bytes).size > 200);
      t.notDeepEqual(a.random.bytes(16), a.random.bytes(16));
    },
  );

  check(
    "bytes() yields plain arrays that nobody else holds",
    async (t, { a }) => {
      const first = a.random.bytes(8);
      t.is(Object.getPrototypeOf(first), Uint8Array.prototype);
      const copy = first.slice();
      a.random.bytes(8).fill(0);
      t.deepEqual(first, copy);
    },
  );

  check("nonsense is refused by value", async (t, { a }) => {
    refuses(t, () => a.random.below(0), "0");
    refuses(t, () => a.random.below(1.5), "1.5");
    refuses(t, () => a.random.below(-3), "-3");
    refuses(t, () => a.random.below(Number.NaN), "NaN");
    refuses(t, () => a.random.range(2, 2), "2 and 2");
    refuses(t, () => a.random.range(3, 1), "3 and 1");
    refuses(t, () => a.random.bool(1.1), "1.1");
    refuses(t, () => a.random.bool(-0.1), "-0.1");
    refuses(t, () => a.random.bool(Number.NaN), "NaN");
    refuses(t, () => a.random.pick([]), "empty");
    refuses(t, () => a.random.bytes(-1), "-1");
    refuses(t, () => a.random.bytes(2.5), "2.5");
  });
}

function many(draw: () => number): number[] {
  return Array.from({ length: 1_000 }, draw);
}

function distinct(draw: () => number): number[] {
  return [...new Set(many(draw))].sort((left, right) => left - right);
}

function refuses(
  t: ExecutionContext,
  draw: () => unknown,
  value: string,
): void {
  const error = t.throws(draw, { instanceOf: RangeError });
  t.true(error?.message.includes(value), error?.message);
}
