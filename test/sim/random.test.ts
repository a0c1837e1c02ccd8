/** Streams of chance: named, independent, counted. */
import test from "ava";

import {
  Draws,
  Fingerprint,
  SimRandomProvider,
  type Breakpoint,
} from "../../src/sim/index.ts";

test("SimRandomProvider yields the same for the same seed and name, for ever", (t) => {
  const stream = streams(42)("ties");
  t.deepEqual(
    values(stream, 4),
    [0x6b86a7d0, 0x0c92ef16, 0xa855ac29, 0xa78487ea],
  );
  t.deepEqual(values(streams(42)("ties"), 4), values(streams(42)("ties"), 4));
});

test("SimRandomProvider yields something else for another seed or another name", (t) => {
  const plain = values(streams(1)("name"), 3);
  for (const seed of [0, 2, 0x1_0000_0001])
    t.notDeepEqual(values(streams(seed)("name"), 3), plain);
  for (const name of ["", "Name", "name ", "eman"])
    t.notDeepEqual(values(streams(1)(name), 3), plain);
});

test("SimRandomProvider is not disturbed by draws of other streams", (t) => {
  const alone = values(streams(7)("quiet"), 50);
  const stream = streams(7);
  const [quiet, noisy] = [stream("quiet"), stream("noisy")];
  const together = Array.from({ length: 50 }, () => {
    noisy.ratio();
    noisy.bytes(9);
    return quiet.uint32();
  });
  t.deepEqual(together, alone);
});

test("SimRandomProvider counts one draw a call, whatever it draws", (t) => {
  const draws = new Draws(1, new Fingerprint());
  const stream = new SimRandomProvider(draws, "any");
  const calls: readonly (() => unknown)[] = [
    () => stream.uint32(),
    () => stream.ratio(),
    () => stream.below(10),
    () => stream.range(-5, 5),
    () => stream.bool(),
    () => stream.pick([1, 2]),
    () => stream.bytes(1),
    () => stream.bytes(1_000),
  ];
  for (const [index, call] of calls.entries()) {
    call();
    t.is(draws.count, index + 1);
  }
  stream.bytes(0);
  t.is(draws.count, calls.length, "no byte, no draw");
});

test("SimRandomProvider refuses nonsense without counting a draw", (t) => {
  const draws = new Draws(1, new Fingerprint());
  const stream = new SimRandomProvider(draws, "any");
  for (const call of [
    () => stream.below(0),
    () => stream.range(1, 1),
    () => stream.bool(2),
    () => stream.pick([]),
    () => stream.bytes(-1),
  ]) {
    t.throws(call, { instanceOf: RangeError });
  }
  t.is(draws.count, 0);
});

test("SimRandomProvider spreads its ratios evenly", (t) => {
  const stream = streams(3)("even");
  const tenths = new Array<number>(10).fill(0);
  let sum = 0;
  for (let draw = 0; draw < 50_000; draw += 1) {
    const ratio = stream.ratio();
    sum += ratio;
    const tenth = Math.floor(ratio * 10);
    tenths[tenth] = (tenths[tenth] as number) + 1;
  }
  t.true(Math.abs(sum / 50_000 - 0.5) < 0.006, `the mean is ${sum / 50_000}`);
  t.true(
    tenths.every((count) => count > 4_700 && count < 5_300),
    tenths.join(" "),
  );
});

test("SimRandomProvider spreads below() evenly, also over a bound that divides no power of two", (t) => {
  const stream = streams(4)("even");
  const counts = new Array<number>(7).fill(0);
  for (let draw = 0; draw < 70_000; draw += 1) {
    const value = stream.below(7);
    counts[value] = (counts[value] as number) + 1;
  }
  t.true(
    counts.every((count) => count > 9_600 && count < 10_400),
    counts.join(" "),
  );
});

test("SimRandomProvider's neighbouring seeds have nothing in common", (t) => {
  const first = Array.from({ length: 20_000 }, (_, seed) =>
    streams(seed)("first").ratio(),
  );
  const mean = first.reduce((sum, ratio) => sum + ratio, 0) / first.length;
  t.true(Math.abs(mean - 0.5) < 0.01, `the mean of first draws is ${mean}`);
  let together = 0;
  for (let seed = 1; seed < first.length; seed += 1) {
    together +=
      ((first[seed - 1] as number) - 0.5) *
      ((first[seed] as number) - 0.5) *
      12;
  }
  const correlation = together / first.length;
  t.true(
    Math.abs(correlation) < 0.03,
    `the correlation of neighbours is ${correlation}`,
  );
});

test("SimRandomProvider's streams of one seed have nothing in common", (t) => {
  const stream = streams(5);
  const [left, right] = [
    stream("link 10.0.1.1>10.0.1.2"),
    stream("link 10.0.1.2>10.0.1.1"),
  ];
  let together = 0;
  for (let draw = 0; draw < 20_000; draw += 1)
    together += (left.ratio() - 0.5) * (right.ratio() - 0.5) * 12;
  t.true(
    Math.abs(together / 20_000) < 0.03,
    `the correlation is ${together / 20_000}`,
  );
});

function streams(
  seed: number,
  recipe: readonly Breakpoint[] = [],
): (name: string) => SimRandomProvider {
  const draws = new Draws(seed, new Fingerprint(), recipe);
  return (name) => new SimRandomProvider(draws, name);
}

function values(stream: SimRandomProvider, count: number): number[] {
  return Array.from({ length: count }, () => stream.uint32());
}
