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
const signed = [...numbers, -1, -128, -0x8000_0000];
const unsigned = [...numbers, 0xffff_ffff, 0x8000_0000];
const signedBigs = [...bigs, -1n, -(2n ** 53n), -(2n ** 63n)];
const unsignedBigs = [...bigs, 2n ** 56n, 2n ** 63n, 2n ** 64n - 1n];
const fractions = [0, -0, 0.1, Number.NaN, -Infinity];

/** Values of each type of number. */
const ofType: Record<string, readonly unknown[]> = {
  Bool: [true, false],
  Int32: signed,
  Uint32: unsigned,
  Sint32: signed,
  Int64: signedBigs,
  Uint64: unsignedBigs,
  Sint64: signedBigs,
  Float: [...fractions, 3.4028234663852886e38],
  Fixed32: unsigned,
  Sfixed32: signed,
  Double: [...fractions, 1e300],
  Fixed64: unsignedBigs,
  Sfixed64: signedBigs,
};

/** The same for fields of one such number, and of many. */
const ofNumbers = Object.fromEntries(
  Object.entries(ofType).flatMap(([type, some]) => [
    [`of${type}`, some],
    [`many${type}`, [[], some.slice(0, 1), some]],
  ]),
);

const values: Record<string, readonly unknown[]> = {
  text: texts,
  payload: sizes.map((size) => new Uint8Array(size).fill(size)),
  yes: [true, false],
  whole: signed,
  count: unsigned,
  cents: signedBigs,
  total: unsignedBigs,
  level: [0, 1, 7, -1],
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
    { case: "choiceFloat", value: -0.5 },
  ],
  at: [{ seconds: 5n, nanos: 300 }, {}],
  ...ofNumbers,
  manyLevel: [[], [0, 1, 7, -1]],
  unpacked: [[], signedBigs],
  someFixed: unsignedBigs,
  labels: [{}, { a: "b", "": "", ü: "x".repeat(200) }, { ["__proto__"]: "x" }],
  amounts: [{}, { zero: 0, half: 0.5 }],
  parts: [{}, { child: { count: 1 }, empty: {} }],
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
      byNumber: { 1: "a", "-2": "b" },
      plain: randomInit(random, depth + 1),
    };
  return init;
}
