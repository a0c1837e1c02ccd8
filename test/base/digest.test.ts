/** The digest of many bytes, against the same sums done slowly. */
import test from "ava";

import { factor, seeds } from "../../src/base/digest-code.ts";
import { digest, digestBytesMax, digestWords } from "../../src/base/digest.ts";
import { Sfc32 } from "../../src/base/sfc32.ts";

/** What `digest` says it does, one word of 64 bits after another. */
function slowly(bytes: Uint8Array): number[] {
  const padded = new Uint8Array(Math.ceil(bytes.length / 32) * 32);
  padded.set(bytes);
  const view = new DataView(padded.buffer);
  const lanes = [...seeds];
  for (let at = 0; at < padded.length; at += 8) {
    const lane = (at / 8) % lanes.length;
    const word = view.getBigUint64(at, true) ^ (lanes[lane] as bigint);
    const product = BigInt.asUintN(64, word * factor);
    lanes[lane] = product ^ (product >> 32n);
  }
  const words = new BigUint64Array(lanes);
  return [...new Int32Array(words.buffer)];
}

function noise(length: number): Uint8Array {
  const generator = new Sfc32();
  generator.seed(Uint32Array.of(length, 2, 3, 4));
  return new Uint8Array(length).map(() => generator.next());
}

for (const length of [1, 31, 32, 33, 64, 4_095, 4_096, digestBytesMax]) {
  test(`digest of ${length} bytes is what the sums say`, (t) => {
    const bytes = noise(length);
    t.deepEqual([...digest(bytes)], slowly(bytes));
    const elsewhere = new Uint8Array(length + 5).subarray(5);
    elsewhere.set(bytes);
    t.deepEqual([...digest(elsewhere)], slowly(bytes), "wherever they lie");
  });
}

test("digest has nothing left of the bytes before", (t) => {
  const bytes = noise(40);
  const words = [...digest(bytes)];
  digest(new Uint8Array(digestBytesMax).fill(0xff));
  t.deepEqual([...digest(bytes)], words);
  t.is(words.length, digestWords);
});

const of = (bytes: Uint8Array): string => digest(bytes).join();

function flip(bytes: Uint8Array, bit: number): void {
  bytes[bit >> 3] = (bytes[bit >> 3] as number) ^ (1 << (bit & 7));
}

test("digest sees every bit of a page", (t) => {
  const page = noise(4_096);
  const seen = new Set([of(page)]);
  for (let bit = 0; bit < page.length * 8; bit += 1) {
    flip(page, bit);
    seen.add(of(page));
    flip(page, bit);
  }
  t.is(seen.size, page.length * 8 + 1);
});

test("digest sees any two bits of three turns, which never make up for each other", (t) => {
  const turns = noise(96);
  const before = of(turns);
  let missed = 0;
  for (let first = 0; first < turns.length * 8; first += 1) {
    flip(turns, first);
    for (let second = 0; second < first; second += 1) {
      flip(turns, second);
      if (of(turns) === before) missed += 1;
      flip(turns, second);
    }
    flip(turns, first);
  }
  t.is(missed, 0);
});
