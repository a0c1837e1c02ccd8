/** Steering: a breakpoint re-derives every stream, and its draw count is relative to its segment. */
import test from "ava";

import {
  Draws,
  Fingerprint,
  SimRandomProvider,
  type Breakpoint,
} from "../../src/sim/index.ts";

test("a breakpoint leaves the draws before it as they were", (t) => {
  t.deepEqual(
    new Tape(1, [{ count: 5, seed: 9 }]).take("a", 5),
    new Tape(1).take("a", 5),
  );
});

test("the draw that crosses a breakpoint is draw 1 of the new segment", (t) => {
  const tape = new Tape(1, [{ count: 5, seed: 9 }]);
  tape.take("a", 5);
  t.is(tape.draws.count, 5);
  t.is(tape.draws.seed, 1);
  t.true(tape.draws.steered);
  t.deepEqual(tape.take("a", 3), new Tape(9).take("a", 3));
  t.is(tape.draws.count, 3);
  t.is(tape.draws.seed, 9);
  t.false(tape.draws.steered);
});

test("a breakpoint re-derives every stream, those that lag behind and those that are yet to come", (t) => {
  const tape = new Tape(1, [{ count: 6, seed: 9 }]);
  tape.take("a", 3);
  tape.take("b", 3);
  const fresh = new Tape(9);
  t.deepEqual(tape.take("a", 2), fresh.take("a", 2));
  t.deepEqual(
    tape.take("b", 4),
    fresh.take("b", 4),
    "b crossed nothing itself",
  );
  t.deepEqual(tape.take("c", 2), fresh.take("c", 2), "c did not exist yet");
  t.is(tape.draws.count, fresh.draws.count);
});

test("counts of several breakpoints are relative to their segments", (t) => {
  const recipe = [
    { count: 4, seed: 20 },
    { count: 2, seed: 30 },
    { count: 1, seed: 40 },
    { count: 3, seed: 50 },
  ];
  const taken = new Tape(10, recipe).take("a", 13);
  const expected = [
    ...new Tape(10).take("a", 4),
    ...new Tape(20).take("a", 2),
    ...new Tape(30).take("a", 1),
    ...new Tape(40).take("a", 3),
    ...new Tape(50).take("a", 3),
  ];
  t.deepEqual(taken, expected);
});

test("a breakpoint at 0 replaces the seed from the first draw on, also a second one", (t) => {
  t.deepEqual(
    new Tape(1, [{ count: 0, seed: 9 }]).take("a", 3),
    new Tape(9).take("a", 3),
  );
  const twice = [
    { count: 0, seed: 9 },
    { count: 0, seed: 10 },
  ];
  t.deepEqual(new Tape(1, twice).take("a", 3), new Tape(10).take("a", 3));
});

test("a breakpoint to the same seed starts its streams again", (t) => {
  const tape = new Tape(1, [{ count: 3, seed: 1 }]);
  const before = tape.take("a", 3);
  t.deepEqual(tape.take("a", 3), before);
});

test("a breakpoint that is never reached changes nothing, and stays ahead", (t) => {
  const tape = new Tape(1, [{ count: 1_000, seed: 9 }]);
  t.deepEqual(tape.take("a", 999), new Tape(1).take("a", 999));
  t.true(tape.draws.steered);
});

test("a draw of many words that crosses a breakpoint belongs to the new segment as a whole", (t) => {
  const tape = new Tape(1, [{ count: 1, seed: 9 }]);
  tape.take("a", 1);
  const [steered, fresh] = [tape.stream("a"), new Tape(9).stream("a")];
  t.deepEqual(steered.bytes(20), fresh.bytes(20));
  t.is(steered.ratio(), fresh.ratio());
});

/** All streams of one seed and recipe. */
class Tape {
  readonly draws: Draws;
  readonly #streams = new Map<string, SimRandomProvider>();

  constructor(seed: number, recipe: readonly Breakpoint[] = []) {
    this.draws = new Draws(seed, new Fingerprint(), recipe);
  }

  stream(name: string): SimRandomProvider {
    const stream =
      this.#streams.get(name) ?? new SimRandomProvider(this.draws, name);
    this.#streams.set(name, stream);
    return stream;
  }

  take(name: string, count: number): number[] {
    const stream = this.stream(name);
    return Array.from({ length: count }, () => stream.uint32());
  }
}
