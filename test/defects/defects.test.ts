/**
 * What the references list as defects of the simulator that this one follows, each as something that holds here.
 * docs/defects.md maps their numbers to the titles below.
 */
import test from "ava";

import { rowsUnder } from "../faults/page.ts";
import { readRootFile } from "../tidy/source.ts";
import { defects } from "./defects.ts";
import { edits, mutated, Nursery } from "./mutation.ts";

for (const { holds, check } of defects)
  test.serial(holds, async (t) => {
    await check(t);
    t.pass();
  });

test("every defect has a title of its own and a mutant that still fits", (t) => {
  t.is(new Set(defects.map(({ holds }) => holds)).size, defects.length);
  for (const { holds, mutants } of defects) {
    t.true(mutants.length > 0, holds);
    for (const mutant of mutants.flatMap(edits)) {
      const text = readRootFile(`dist/src/${mutant.file}.js`) ?? "";
      t.notThrows(() => mutated(text, mutant), holds);
    }
  }
});

/** From–to, and those between that no test can be about: §21 number 8 is about documentation, 10 about what was missing. */
const numbers: readonly string[] = [
  ...[1, 2, 3, 4, 5, 6, 7, 9, 11, 12, 13].map(
    (number) => `simulator ${number}`,
  ),
  ...Array.from({ length: 17 }, (_, at) => `simulator ${14 + at}`),
  ...Array.from({ length: 13 }, (_, at) => `network ${1 + at}`),
  ...Array.from({ length: 12 }, (_, at) => `transport ${1 + at}`),
  ...[14, 15, 17, 18].map((number) => `transport ${number}`),
  ...Array.from({ length: 8 }, (_, at) => `storage ${1 + at}`),
];

test("docs/defects.md has every number, and what holds for each", (t) => {
  const page = readRootFile("docs/defects.md") ?? "";
  const told = rowsUnder(page, "number").map(([number, , titles = ""]) => [
    number,
    titles.split(" <br> "),
  ]);
  const wanted = numbers.map((number) => [
    number,
    defects
      .filter((defect) => defect.numbers.includes(number))
      .map(({ holds }) => holds),
  ]);
  t.deepEqual(told, wanted);
});

test("a mutant that fits nowhere, or in two places, is out of date", (t) => {
  const mutant = { file: "a", from: "x", to: "y" };
  t.is(mutated("1x2", mutant), "1y2");
  t.throws(() => mutated("12", mutant), { message: /fits 0 places/ });
  t.throws(() => mutated("x1x", mutant), { message: /fits 2 places/ });
});

/** The rest is in test/deep/mutants.test.ts. */
const quick: readonly string[] = [
  "a partition tears no hole into a stream, and an end does not pass it either",
  "a check that throws fails the run",
];
test.serial(
  "a check fails once its defect is back, and holds before",
  async (t) => {
    const nursery = new Nursery();
    t.teardown(() => nursery.close());
    for (const { holds, mutants } of defects) {
      if (!quick.includes(holds)) continue;
      const { verdict, text } = await nursery.ask(holds);
      t.is(verdict, "held", text);
      for (const mutant of mutants) {
        const trial = await nursery.ask(holds, mutant);
        t.is(trial.verdict, "failed", trial.text);
      }
    }
  },
);
