/** `.ci/run` with an `npm` that only says what a test tells it to. */
import { spawnSync } from "node:child_process";
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import test from "ava";

const source = fileURLToPath(new URL("../../../.ci/", import.meta.url));

/** What AVA prints without a terminal, its frames of code and stacks shortened. */
const failedTests = `
  ✔ bank › money stays
  ✘ [fail]: bank › money is not lost Error thrown in test
  ✘ [fail]: bank › books balance

  Uncaught exception in test/wire/frame.test.js

  test/wire/frame.test.js:2

   1: import test from "ava";

  TypeError: outside of any test

  ✘ test/wire/frame.test.js exited with a non-zero exit code: 1

  ✘ Timed out while running tests

  1 tests were pending in test/bank/slow.test.js

  ◌ slow › never ends

  ─

  bank › money is not lost

  Error thrown in test:

  Error: ten were lost
      at file:///bank.test.js:4:35
      at Test.callFn (file:///node_modules/ava/lib/test.js:525:26)



  bank › books balance

  test/bank.test.js:3

   3: test("books balance", t=>t.is(1,2));

  Difference (- actual, + expected):

  - 1
  + 2

  ─

  2 tests failed
  1 uncaught exception
`;

/** Runs it in a folder of its own: `npm cit` fails with this log, all else succeeds. */
function runOn(log: string): string[] {
  const folder = mkdtempSync(join(tmpdir(), "wavetank-ci-"));
  try {
    mkdirSync(join(folder, ".ci"));
    for (const file of ["run", "what-failed.mjs"]) {
      copyFileSync(join(source, file), join(folder, ".ci", file));
    }
    writeFileSync(join(folder, "log"), log);
    script(join(folder, "npm"), 'if [ "$1" = cit ]; then cat log; exit 1; fi');
    script(join(folder, "git"), "exit 0");
    script(join(folder, ".ci/node-versions"), "exit 0");
    const path = [folder, dirname(process.execPath), process.env["PATH"]];
    const { stdout } = spawnSync("bash", [join(folder, ".ci/run")], {
      encoding: "utf8",
      env: { ...process.env, PATH: path.join(delimiter) },
    });
    return stdout.trimEnd().split("\n");
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function script(path: string, body: string): void {
  writeFileSync(path, `#!/usr/bin/env bash\n${body}\n`);
  chmodSync(path, 0o755);
}

test("a run of the checks ends with what failed, by title and message, directly above its counts", (t) => {
  const lines = runOn(failedTests);
  const start = lines.lastIndexOf("install, build, fast tests:");
  t.deepEqual(lines.slice(start), [
    "install, build, fast tests:",
    "  ✘ [fail]: bank › money is not lost Error thrown in test",
    "  Error thrown in test:",
    "  Error: ten were lost",
    "  at file:///bank.test.js:4:35",
    "  ✘ [fail]: bank › books balance (test/bank.test.js:3)",
    "  Difference (- actual, + expected):",
    "  - 1",
    "  + 2",
    "  Uncaught exception in test/wire/frame.test.js (test/wire/frame.test.js:2)",
    "  TypeError: outside of any test",
    "  ✘ Timed out while running tests",
    "  ◌ slow › never ends",
    "6 passed, 4 failed",
  ]);
});

test("a run of the checks names many failed tests in few lines", (t) => {
  const titles = Array.from({ length: 60 }, (_, index) => `title ${index}`);
  const failures = titles.map((title) => `  ✘ [fail]: ${title}\n`).join("");
  const lines = runOn(`${failures}\n  60 tests failed\n`);
  const start = lines.indexOf("install, build, fast tests:");
  t.is(lines.length - start, 25);
  t.is(lines[start + 1], "  ✘ [fail]: title 0");
  t.is(lines.at(-2), "  and 38 more");
});

test("a run of the checks ends with the last lines of a failed step that is not about tests", (t) => {
  const lines = runOn(
    "much\n\nsrc/bank.ts(3,1): error TS1005: ';' expected.\n",
  );
  t.deepEqual(lines.slice(-4, -1), [
    "install, build, fast tests:",
    "  much",
    "  src/bank.ts(3,1): error TS1005: ';' expected.",
  ]);
});
