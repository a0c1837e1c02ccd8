import test from "ava";

import { Sfc32 } from "../../src/base/sfc32.ts";

const vectors: readonly [state: number[], outputs: number[]][] = [
  [
    [0, 0, 0, 0],
    [0x514676c3, 0x08a809df, 0x30349d2b, 0xfb52c520, 0x38802be1, 0x948279e6],
  ],
  [
    [1, 2, 3, 4],
    [0xcd440683, 0x05911999, 0x4bcb99b1, 0x9425a8af, 0xaeb1fd26, 0x3161e777],
  ],
  [
    [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff],
    [0xc7b1fdc0, 0x842fb8e7, 0x1ef874d3, 0x7c91c406, 0x7a62fa63, 0xb6507bcc],
  ],
];
for (const [state, outputs] of vectors) {
  test(`Sfc32 from state ${state.join(" ")} never changes`, (t) => {
    t.deepEqual(words(seeded(state), outputs.length), outputs);
  });
}

test("Sfc32 begins anew when it is seeded again", (t) => {
  const generator = seeded([1, 2, 3, 4]);
  const first = words(generator, 10);
  generator.seed(Uint32Array.of(1, 2, 3, 4));
  t.deepEqual(words(generator, 10), first);
});

test("Sfc32 notices a change of any word of its state", (t) => {
  const plain = words(seeded([10, 20, 30, 40]), 4);
  for (const state of [
    [11, 20, 30, 40],
    [10, 21, 30, 40],
    [10, 20, 31, 40],
    [10, 20, 30, 42],
  ]) {
    t.notDeepEqual(words(seeded(state), 4), plain);
  }
});

test("Sfc32 sets each bit half of the time", (t) => {
  const generator = seeded([7, 7, 7, 7]);
  const counts = new Array<number>(32).fill(0);
  for (let draw = 0; draw < 20_000; draw += 1) {
    const word = generator.next();
    for (let bit = 0; bit < 32; bit += 1)
      counts[bit] = (counts[bit] as number) + ((word >>> bit) & 1);
  }
  t.true(
    counts.every((count) => count > 9_600 && count < 10_400),
    counts.join(" "),
  );
});

function seeded(state: readonly number[]): Sfc32 {
  const generator = new Sfc32();
  generator.seed(Uint32Array.from(state));
  return generator;
}

function words(generator: Sfc32, count: number): number[] {
  return Array.from({ length: count }, () => generator.next());
}
