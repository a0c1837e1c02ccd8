/** In production nobody listens: assertions and `buggify` then do nothing at all. */
import test from "ava";

import {
  assertAlways,
  assertAlwaysOrUnreachable,
  assertReachable,
  assertSometimes,
  assertUnreachable,
  buggify,
  buggifyKnob,
  buggifyWithProb,
  listenToAssertions,
} from "../../src/assertions/index.ts";

/** Details that nobody may look at. */
const untouchable: Record<string, unknown> = new Proxy(
  {},
  {
    get: () => {
      throw new Error("somebody looked at the details");
    },
    ownKeys: () => {
      throw new Error("somebody listed the details");
    },
  },
);

test("nobody listens unless a laboratory does", (t) => {
  t.is(listenToAssertions(undefined), undefined);
});

test("assertions that fail while nobody listens neither throw nor look at their details", (t) => {
  t.notThrows(() => {
    assertAlways(false, "m", untouchable);
    assertAlwaysOrUnreachable(false, "m", untouchable);
    assertSometimes(false, "m", untouchable);
    assertReachable("m", untouchable);
    assertUnreachable("m", untouchable);
  });
});

test("assertions return nothing that a program could depend on", (t) => {
  t.deepEqual(
    [
      assertAlways(true, "m"),
      assertAlwaysOrUnreachable(true, "m"),
      assertSometimes(true, "m"),
      assertReachable("m"),
      assertUnreachable("m"),
    ],
    [undefined, undefined, undefined, undefined, undefined],
  );
});

test("buggify never strikes while nobody listens, whatever the probability", (t) => {
  for (let count = 0; count < 1_000; count += 1) {
    t.is(buggify("a site"), false);
    t.is(buggifyWithProb("a site", 1), false);
  }
});

test("buggifyKnob yields the usual value while nobody listens, and refuses a range that is none", (t) => {
  t.is(buggifyKnob("batch size", 100, [1, 10]), 100);
  for (const range of [
    [2, 1],
    [Number.NaN, 1],
    [0, Infinity],
  ] as const)
    t.throws(() => buggifyKnob("batch size", 100, range), {
      instanceOf: RangeError,
      message: /^knob "batch size" needs a range/,
    });
});
