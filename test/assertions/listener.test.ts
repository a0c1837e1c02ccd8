/** What a laboratory that listens is told, and what the program gets back from it. */
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
  type AssertionListener,
} from "../../src/assertions/index.ts";

/** Writes down everything it is told, and lets `buggify` strike as it was told to. */
class Recorder implements AssertionListener {
  readonly told: unknown[][] = [];
  readonly #strikes: boolean;

  constructor(strikes = false) {
    this.#strikes = strikes;
  }

  observe(...what: unknown[]): void {
    this.told.push(what);
  }

  buggify(...what: unknown[]): boolean {
    this.told.push(what);
    return this.#strikes;
  }

  knob(...what: unknown[]): number | undefined {
    this.told.push(what);
    return this.#strikes ? 7 : undefined;
  }
}

/** What a listener was told while `program` ran. */
function toldBy(
  program: () => void,
  recorder: Recorder = new Recorder(),
): unknown[][] {
  const before = listenToAssertions(recorder);
  try {
    program();
  } finally {
    listenToAssertions(before);
  }
  return recorder.told;
}

test("the five kinds of assertions tell their kind, their message, whether they hold, and their details", (t) => {
  const details = { balance: 5n };
  const told = toldBy(() => {
    for (const holds of [true, false]) {
      assertAlways(holds, "always", details);
      assertAlwaysOrUnreachable(holds, "always or unreachable", details);
      assertSometimes(holds, "sometimes", details);
    }
    assertReachable("reachable", details);
    assertUnreachable("unreachable", details);
  });
  t.deepEqual(told, [
    ["always", "always", true, details],
    ["always_or_unreachable", "always or unreachable", true, details],
    ["sometimes", "sometimes", true, details],
    ["always", "always", false, details],
    ["always_or_unreachable", "always or unreachable", false, details],
    ["sometimes", "sometimes", false, details],
    ["reachable", "reachable", true, details],
    ["unreachable", "unreachable", false, details],
  ]);
  t.true(told.every(([, , , given]) => given === details));
});

test("details may be left out", (t) => {
  const told = toldBy(() => {
    assertAlways(true, "m");
    assertReachable("m");
  });
  t.deepEqual(told, [
    ["always", "m", true, undefined],
    ["reachable", "m", true, undefined],
  ]);
});

test("buggify asks with a quarter as its probability, buggifyWithProb with the one it is given", (t) => {
  const told = toldBy(() => {
    buggify("one");
    buggifyWithProb("two", 0.75);
  });
  t.deepEqual(told, [
    ["one", 0.25],
    ["two", 0.75],
  ]);
});

for (const answer of [true, false]) {
  test(`buggify answers ${answer} when the listener does`, (t) => {
    const answers: boolean[] = [];
    toldBy(
      () => answers.push(buggify("one"), buggifyWithProb("two", 0.5)),
      new Recorder(answer),
    );
    t.deepEqual(answers, [answer, answer]);
  });
}

test("a listener is handed the one before it, and hears nothing once that one is put back", (t) => {
  const [outer, inner] = [new Recorder(), new Recorder()];
  toldBy(() => {
    t.is(listenToAssertions(inner), outer);
    assertReachable("inside");
    t.is(listenToAssertions(outer), inner);
    assertReachable("outside");
  }, outer);
  assertReachable("nowhere");
  t.deepEqual(inner.told, [["reachable", "inside", true, undefined]]);
  t.deepEqual(outer.told, [["reachable", "outside", true, undefined]]);
});

test("buggifyKnob tells its name and range, and yields the usual value unless it is turned", (t) => {
  for (const turned of [false, true]) {
    const recorder = new Recorder(turned);
    const told = toldBy(() => {
      t.is(buggifyKnob("batch size", 100, [1, 10]), turned ? 7 : 100);
    }, recorder);
    t.deepEqual(told, [["batch size", [1, 10]]]);
  }
});
