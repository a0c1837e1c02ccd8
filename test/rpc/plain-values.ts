/** Values for the fields of `plain-types.ts`. */
import { Sfc32 } from "../../src/base/sfc32.ts";

/** What a message is made of. */
export type Init = Record<string, unknown>;

const texts = [
  "",
  "a",
  "ü\u{1f980}",
  "\ufeffx",
  "é".repeat(20),
  "x".repeat(33),
  "x".repeat(200),
  "ü".repeat(2_000),
  "\ud800",
  "0123456789".repeat(1_000),
];
const sizes = [0, 1, 64, 127, 128, 300, 20_000];
const numbers = [0, 1, 127, 128, 300, 0x7fff_ffff];
const bigs = [
  0n,
  1n,
  127n,
  128n,
  2n ** 31n,
  2n ** 32n,
  2n ** 53n - 1n,
  2n ** 53n,
  2n ** 63n - 1n,
];
const values: Record<string, readonly unknown[]> = {
  text: texts,
  payload: sizes.map((size) => new Uint8Array(size).fill(size)),
  yes: [true, false],
  whole: [...numbers, -1, -0x8000_0000],
  count: [...numbers, 0xffff_ffff, 0x8000_0000],
  cents: [...bigs, -1n, -(2n ** 63n)],
  total: [...bigs, 2n ** 64n - 1n],
  level: [0, 1, 7],
  far: texts,
  names: [[], ["", "a"], texts],
  blobs: [[], [new Uint8Array(0), new Uint8Array(200)]],
  ratio: [0, -0, 0.1, Number.NaN, -Infinity, 1e300],
  someRatio: [0, -0, 0.1],
  choice: [
    { case: undefined },
    { case: "choiceText", value: "" },
    { case: "choiceText", value: "text" },
    { case: "choiceCount", value: 0 },
  ],
  at: [{ seconds: 5n, nanos: 300 }, {}],
  someText: texts,
  someBytes: sizes.map((size) => new Uint8Array(size).fill(size)),
  someYes: [true, false],
  someCount: numbers,
  someCents: bigs,
};

export function seeded(seed: number): Sfc32 {
  const random = new Sfc32();
  random.seed(Uint32Array.of(seed, 1, 2, 3));
  return random;
}

/** Each field one time in three, and messages in messages. */
export function randomInit(random: Sfc32, depth = 0): Init {
  const pick = <Item>(items: readonly Item[]): Item =>
    items[random.next() % items.length] as Item;
  const init: Init = {};
  for (const [name, some] of Object.entries(values))
    if (pick([true, false, false])) init[name] = pick(some);
  if (depth < 4 && pick([true, false]))
    init["child"] = randomInit(random, depth + 1);
  if (depth < 4 && pick([true, false, false, false]))
    init["children"] = [randomInit(random, depth + 1), {}];
  if (depth < 4 && pick([true, false, false, false]))
    init["choice"] = {
      case: "choiceChild",
      value: randomInit(random, depth + 1),
    };
  if (depth < 4 && pick([true, ...new Array<boolean>(9).fill(false)]))
    init["rare"] = {
      list: ["a", "b"],
      double: 0.5,
      plain: randomInit(random, depth + 1),
    };
  return init;
}
