/** What all implementations refuse alike: paths, delays, bounds. */
import test from "ava";

import {
  checkBound,
  checkDelay,
  checkItems,
  checkProbability,
  checkRange,
  checkStoragePath,
  OpenOptions,
  silentTrace,
  StorageError,
} from "../../src/core/index.ts";

for (const path of [
  "file",
  "a/b/c",
  "with space",
  "..x",
  "x..",
  "...",
  "a.b",
  "ünï/cödé",
  "-",
  "~",
]) {
  test(`checkStoragePath takes "${path}"`, (t) =>
    t.notThrows(() => checkStoragePath(path)));
}

const badPaths = [
  "",
  "/",
  "/abs",
  "a/",
  "a//b",
  ".",
  "..",
  "../a",
  "a/..",
  "a/../b",
  "./a",
  "a/./b",
  "a\0b",
  "a\\b",
];
for (const path of badPaths) {
  test(`checkStoragePath refuses ${JSON.stringify(path)}`, (t) => {
    const error = t.throws(() => checkStoragePath(path), {
      instanceOf: StorageError,
    });
    t.is(error?.code, "bad_path");
    t.is(
      error?.message,
      `[bad_path] "${path}" is no path below a storage folder: write names joined by /`,
    );
    t.deepEqual(error?.details, { path });
  });
}

const refusals: readonly [what: string, check: () => void, message: string][] =
  [
    [
      "a negative delay",
      () => checkDelay(-1, "a sleep"),
      "a sleep must be a finite number of milliseconds, 0 or more, not -1",
    ],
    [
      "an endless delay",
      () => checkDelay(Infinity, "it"),
      "it must be a finite number of milliseconds, 0 or more, not Infinity",
    ],
    [
      "NaN as a delay",
      () => checkDelay(Number.NaN, "it"),
      "it must be a finite number of milliseconds, 0 or more, not NaN",
    ],
    [
      "a bound of 0",
      () => checkBound(0),
      "the bound of a random integer must be a whole number above 0, not 0",
    ],
    [
      "an unsafe bound",
      () => checkBound(2e53),
      "the bound of a random integer must be a whole number above 0, not 2e+53",
    ],
    [
      "an empty range",
      () => checkRange(3, 3),
      "a random range needs whole numbers, the first below the second, not 3 and 3",
    ],
    [
      "a broken range",
      () => checkRange(0.5, 3),
      "a random range needs whole numbers, the first below the second, not 0.5 and 3",
    ],
    [
      "a probability above 1",
      () => checkProbability(1.1),
      "a probability lies between 0 and 1, not at 1.1",
    ],
    [
      "NaN as a probability",
      () => checkProbability(Number.NaN),
      "a probability lies between 0 and 1, not at NaN",
    ],
    ["an empty list", () => checkItems([]), "cannot pick from an empty list"],
  ];
for (const [what, check, message] of refusals) {
  test(`the checks refuse ${what}`, (t) => {
    t.throws(check, { instanceOf: RangeError, message });
  });
}

test("the checks take what lies at the edges", (t) => {
  t.notThrows(() => {
    checkDelay(0, "it");
    checkDelay(0.001, "it");
    checkBound(1);
    checkBound(Number.MAX_SAFE_INTEGER);
    checkRange(-1, 0);
    checkProbability(0);
    checkProbability(1);
    checkItems([undefined]);
  });
});

test("OpenOptions has the usual combinations, frozen", (t) => {
  t.deepEqual(OpenOptions, {
    readOnly: { read: true },
    readWrite: { read: true, write: true },
    openOrCreate: { read: true, write: true, create: true },
    createWrite: { write: true, create: true, truncate: true },
    appendOrCreate: { append: true, create: true },
    createNewWrite: { write: true, createNew: true },
  });
  for (const options of [OpenOptions, ...Object.values(OpenOptions)])
    t.true(Object.isFrozen(options));
});

test("silentTrace is disabled and takes anything", (t) => {
  t.false(silentTrace.enabled);
  t.notThrows(() => silentTrace.emit("event", { value: 1n }));
});
