/** `wavetank replay`: the line that a failure prints shows that failure again, at the same event. */
import { mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "ava";

import { firstFailure, fixture, pasted, root, wavetank } from "./support.ts";

const failing = fixture("failing.sim.js");
const broken = "dist/examples/bank/broken/acknowledges-before-sync.sim.js";

for (const file of [failing, broken]) {
  test(`the line that a failing run prints replays it as it stands: ${file.split("/").at(-1)}`, async (t) => {
    const run = await wavetank(
      "run",
      file,
      "--seeds",
      "100",
      "--seed",
      "3",
      "--failures-max",
      "1",
    );
    t.is(run.code, 1);
    const found = firstFailure(run.stdout);
    t.regex(found.line, /^replay \S+ --seed \d+$/);
    t.regex(
      found.lines[0] ?? "",
      /\(assertion, at [\d.]+ s simulated, event \d+(?:, and \d+ more)?\)$/,
    );
    const replay = await pasted(found.line);
    t.is(replay.code, 1);
    t.is(replay.stderr, "");
    t.deepEqual(firstFailure(replay.stdout), found);
  });
}

test("a steered failure prints its recipe, and that line works as it stands too", async (t) => {
  let steered = { code: 0, stdout: "" };
  for (let seed = 1; steered.code === 0; seed += 1) {
    t.true(seed < 50, "some recipe leads to a failure");
    steered = await wavetank(
      "replay",
      failing,
      "--seed",
      "2",
      "--recipe",
      `2@5 -> 4@${seed}`,
    );
  }
  const found = firstFailure(steered.stdout);
  t.regex(found.line, /^replay \S+ --seed 2 --recipe "2@5 -> 4@\d+"$/);
  const replay = await pasted(found.line);
  t.is(replay.code, 1);
  t.deepEqual(firstFailure(replay.stdout), found);
  const unsteered = await wavetank("replay", failing, "--seed", "2");
  t.notDeepEqual(firstFailure(unsteered.stdout), found);
});

test("a line to paste works for a file whose path has spaces", async (t) => {
  const folder = await mkdtemp(join(tmpdir(), "wave tank "));
  try {
    const file = join(folder, "my failing.sim.js");
    await symlink(join(root, failing), file);
    const run = await wavetank(
      "run",
      file,
      "--seeds",
      "100",
      "--seed",
      "3",
      "--failures-max",
      "1",
    );
    const found = firstFailure(run.stdout);
    t.true(found.line.includes(`replay "${file}" --seed `));
    t.deepEqual(firstFailure((await pasted(found.line)).stdout), found);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test("a replay of a seed that is clean exits with 0", async (t) => {
  const { code, stdout } = await wavetank(
    "replay",
    fixture("clean.sim.js"),
    "--seed",
    "5",
  );
  t.is(code, 0);
  t.regex(stdout, /^✓ clean {2}1 seed · /);
});

test("a replay does not demand of one seed what a run of many must show", async (t) => {
  const { code, stdout } = await wavetank(
    "replay",
    fixture("lacking.sim.js"),
    "--seed",
    "5",
  );
  t.is(code, 0);
  t.false(stdout.includes("✗"));
});
