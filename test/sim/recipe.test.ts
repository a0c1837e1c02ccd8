/** Seeds and recipes as text: what one pastes to replay a run. */
import test from "ava";

import {
  checkSeed,
  formatTimeline,
  isSimulationError,
  parseTimeline,
  SimulationError,
  SimWorld,
  type Breakpoint,
} from "../../src/sim/index.ts";

const recipes: readonly [text: string, recipe: Breakpoint[]][] = [
  ["", []],
  ["0@0", [{ count: 0, seed: 0 }]],
  [
    "151@8837201 -> 80@1293847",
    [
      { count: 151, seed: 8_837_201 },
      { count: 80, seed: 1_293_847 },
    ],
  ],
  [
    "9007199254740991@9007199254740991",
    [{ count: Number.MAX_SAFE_INTEGER, seed: Number.MAX_SAFE_INTEGER }],
  ],
];
for (const [text, recipe] of recipes) {
  test(`the recipe "${text}" goes to text and back`, (t) => {
    t.deepEqual(parseTimeline(text), recipe);
    t.is(formatTimeline(recipe), text);
  });
}

test("parseTimeline is not particular about blanks", (t) => {
  t.deepEqual(parseTimeline("  1@2->3@4  "), parseTimeline("1@2 -> 3@4"));
  t.deepEqual(parseTimeline(" \n"), []);
});

const broken: readonly [text: string, segment: string][] = [
  ["nonsense", "nonsense"],
  ["1@2 ->", ""],
  ["-> 1@2", ""],
  ["1@2 -> 3", "3"],
  ["1@2 -> @4", "@4"],
  ["1@2 -> 3@", "3@"],
  ["1@2 -> -3@4", "-3@4"],
  ["1@2 -> 3@4.5", "3@4.5"],
  ["1@2 -> 3@4@5", "3@4@5"],
  ["1@2, 3@4", "1@2, 3@4"],
  ["1e3@2", "1e3@2"],
  ["0x1@2", "0x1@2"],
  ["1@2 -> 3@9007199254740992", "3@9007199254740992"],
  ["1@2 -> 9007199254740992@3", "9007199254740992@3"],
];
for (const [text, segment] of broken) {
  test(`parseTimeline refuses "${text}" and names the segment`, (t) => {
    const error = t.throws(() => parseTimeline(text), {
      instanceOf: SimulationError,
    });
    t.true(isSimulationError(error, "bad_recipe"), error?.message);
    t.is(
      error?.message,
      `[bad_recipe] "${segment}" is no step of a recipe: write count@seed, joined by " -> "`,
    );
    t.deepEqual(error?.details, { text, segment });
  });
}

const badSeeds: readonly [seed: unknown, named: string][] = [
  [-1, "-1"],
  [0.5, "0.5"],
  [Number.NaN, "NaN"],
  [Infinity, "Infinity"],
  [Number.MAX_SAFE_INTEGER + 1, "9007199254740992"],
  ["7", "7"],
  [7n, "7"],
  [undefined, "undefined"],
  [null, "null"],
];
for (const [seed, named] of badSeeds) {
  test(`the seed ${typeof seed} ${named} is refused by value`, (t) => {
    for (const refuse of [
      () => checkSeed(seed),
      () => new SimWorld({ seed: seed as number }),
    ]) {
      const error = t.throws(refuse, { instanceOf: SimulationError });
      t.true(isSimulationError(error, "bad_seed"));
      t.is(
        error?.message,
        `[bad_seed] a seed is a whole number from 0 to 9007199254740991, not ${named}`,
      );
      t.deepEqual(error?.details, { seed });
    }
  });
}

for (const seed of [
  0,
  1,
  0xffff_ffff,
  0x1_0000_0000,
  Number.MAX_SAFE_INTEGER,
]) {
  test(`the seed ${seed} is taken as it is`, (t) => {
    t.is(checkSeed(seed), seed);
    t.is(new SimWorld({ seed }).seed, seed);
  });
}
