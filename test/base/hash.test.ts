/** Hashes and generators are part of what a seed means, so their values are fixed here for ever. */
import test from "ava";

import { hashText, mix32, seedState } from "../../src/base/hash.ts";

const mixed: readonly [value: number, hash: number][] = [
  [0, 0x00000000],
  [1, 0x514e28b7],
  [2, 0x30f4c306],
  [0x80000000, 0x6d3c65a0],
  [0xffffffff, 0x81f16f39],
];
for (const [value, hash] of mixed) {
  test(`mix32 of ${value} never changes`, (t) => t.is(mix32(value), hash));
}

const hashed: readonly [text: string, hash: number][] = [
  ["", 0x811c9dc5],
  ["a", 0x2b24d044],
  ["ab", 0x81977b96],
  ["ba", 0x7f762f4e],
  ["é", 0x59fb6f0c],
  ["€", 0x8892cc71],
  ["link 10.0.1.1>10.0.1.2", 0x927ab0e8],
];
for (const [text, hash] of hashed) {
  test(`hashText of "${text}" never changes`, (t) =>
    t.is(hashText(text), hash));
}

const seeded: readonly [seed: number, name: string, state: string][] = [
  [0, "", "3f8804fe 9a5b5eca 313639f8 09feee33"],
  [0, "a", "24adadf5 f1af8526 9011cbd8 480ce10d"],
  [1, "a", "fcc66eaa 461c4b6a 23ece619 756aa3a1"],
  [42, "ties", "12665ca6 42e4db68 cf6115e1 1edd5529"],
  [4294967296, "ties", "3fbcd2e6 4d5d6240 4abc7622 21fb7f90"],
  [9007199254740991, "ties", "daf99b7c 48a9bac3 178b691a 299f197f"],
];
for (const [seed, name, state] of seeded) {
  test(`seedState of ${seed} and "${name}" never changes`, (t) =>
    t.is(stateOf(seed, name), state));
}

test("hashText starts from its basis", (t) => {
  t.not(hashText("a", 7), hashText("a"));
  t.is(hashText("b", hashText("a")), hashText("ab"));
});

test("mix32 gives every input its own output, and flips about half of the bits", (t) => {
  const outputs = new Set<number>();
  let flipped = 0;
  for (let value = 0; value < 20_000; value += 1) {
    outputs.add(mix32(value));
    flipped += bitsOf(mix32(value) ^ mix32(value ^ (1 << (value & 31))));
  }
  t.is(outputs.size, 20_000);
  const mean = flipped / 20_000;
  t.true(mean > 15.5 && mean < 16.5, `${mean} of 32 bits flip`);
});

test("seedState gives every seed and every name a state of its own, the empty name too", (t) => {
  const states = new Set<string>();
  const seeds = [
    0,
    1,
    2,
    0xffff_ffff,
    0x1_0000_0000,
    0x1_0000_0001,
    Number.MAX_SAFE_INTEGER,
  ];
  const names = [
    "",
    "a",
    "b",
    "ab",
    "ba",
    "ties",
    "disk 10.0.1.1",
    "disk 10.0.1.2",
  ];
  for (const seed of seeds)
    for (const name of names) states.add(stateOf(seed, name));
  t.is(states.size, seeds.length * names.length);
});

test("seedState fills four words that differ from each other", (t) => {
  for (let seed = 0; seed < 1_000; seed += 1)
    t.is(new Set(stateOf(seed, "name").split(" ")).size, 4);
});

function stateOf(seed: number, name: string): string {
  const state = new Uint32Array(4);
  seedState(seed, name, state);
  return [...state].map((word) => word.toString(16).padStart(8, "0")).join(" ");
}

function bitsOf(word: number): number {
  let count = 0;
  for (let rest = word >>> 0; rest !== 0; rest &= rest - 1) count += 1;
  return count;
}
