/** `wavetank run`: exit codes, what goes to which stream, and the options. */
import test from "ava";

import { endedAfter, fixture, interrupted, wavetank } from "./support.ts";

const bank = "dist/examples/bank/bank.sim.js";
const [clean, failing, lacking] = ["clean", "failing", "lacking"].map((name) =>
  fixture(`${name}.sim.js`),
) as [string, string, string];

test("wavetank run runs the bank, says what it does on one stream and how it went on the other", async (t) => {
  const { code, stdout, stderr } = await wavetank(
    "run",
    bank,
    "--seeds",
    "30",
    "--seed",
    "1",
  );
  t.is(code, 0, stdout);
  t.regex(
    stderr,
    /^bank: 30 seeds from --seed 1\n(\d+ of 30 seeds, 0 failed\n)*30 of 30 seeds, 0 failed\n$/,
  );
  t.regex(
    stdout,
    /^✓ bank {2}30 seeds from 1 · \d+ min simulated in [\d.]+ s · [\d,]+ events · [\d.]+ seeds\/s · [\d,]+ faults \(/,
  );
  t.regex(stdout, /\n✓ money is conserved {2}\d+×\n/);
  t.true(stdout.endsWith("×\n"));
});

test("wavetank run exits with 1 when a seed fails, and goes on to the next seed", async (t) => {
  const { code, stdout, stderr } = await wavetank(
    "run",
    failing,
    "--seeds",
    "40",
    "--seed",
    "1",
    "--failures-max",
    "50",
  );
  t.is(code, 1);
  t.regex(stdout, /^✗ failing: the draw is not zero {2}\(assertion, at /m);
  const more = /zero {2}\(assertion, in (\d+) more seeds\)/.exec(stdout)?.[1];
  const failed = 1 + Number(more);
  t.true(failed > 3 && failed < 40, `${failed} failed`);
  t.regex(stdout, /^✗ failing {2}40 seeds from 1 · /);
  t.true(stderr.startsWith("failing: 40 seeds from --seed 1\n"));
  t.true(stderr.endsWith(`\n40 of 40 seeds, ${failed} failed\n`));
});

test("wavetank run stops after --failures-max failed seeds, ten by default", async (t) => {
  const one = await wavetank(
    "run",
    failing,
    "--seeds",
    "500",
    "--seed",
    "1",
    "--failures-max",
    "1",
  );
  t.is(one.code, 1);
  t.is(one.stdout.match(/ {2}replay: /g)?.length, 1);
  const ten = await wavetank("run", failing, "--seeds", "500", "--seed", "1");
  t.is(ten.stdout.match(/ {2}replay: /g)?.length, 10);
});

test("wavetank run exits with 1 when something that had to happen did not", async (t) => {
  const { code, stdout } = await wavetank("run", lacking, "--seeds", "3");
  t.is(code, 1);
  t.true(stdout.includes("\n✗ lacking: no crash happened in any seed\n"));
});

test("wavetank run takes a simulation that is exported under a name, and a hundred seeds by default", async (t) => {
  const { code, stdout } = await wavetank("run", clean);
  t.is(code, 0);
  t.regex(stdout, /^✓ clean {2}100 seeds from \d+ · /);
});

test("wavetank run goes on until its time is up, one seed at least, and says so", async (t) => {
  const { code, stdout, stderr } = await wavetank(
    ...["run", clean, "--time-limit-ms", "1", "--seed", "6"],
  );
  t.is(code, 0);
  t.true(stderr.startsWith("clean: seeds from --seed 6\n"));
  t.regex(stdout, /^✓ clean {2}\d+ seeds? from 6, until time was up · /);
});

test("wavetank run without --seed draws one, and prints it so that the run can be repeated", async (t) => {
  const { stderr, stdout } = await wavetank(
    "run",
    clean,
    "--seeds",
    "2",
    "--fingerprints",
  );
  const seed = /from --seed (\d+)\n/.exec(stderr)?.[1] ?? "";
  t.true(stdout.startsWith(`${seed} `));
  t.is(
    (
      await wavetank(
        "run",
        clean,
        "--seeds",
        "2",
        "--fingerprints",
        "--seed",
        seed,
      )
    ).stdout,
    stdout,
  );
  t.not(
    (await wavetank("run", clean, "--seeds", "2", "--fingerprints")).stdout,
    stdout,
  );
});

test("--fingerprints prints a seed and its fingerprint a line, the same in every run, and nothing else", async (t) => {
  const given = ["run", bank, "--seeds", "10", "--seed", "7", "--fingerprints"];
  const [first, second, barrier] = await Promise.all([
    wavetank(...given),
    wavetank(...given),
    wavetank(...given, "--barrier"),
  ]);
  t.regex(first.stdout, /^(\d+ [0-9a-f]{16}\n){10}$/);
  t.true(first.stdout.startsWith("7 "));
  t.is(second.stdout, first.stdout);
  t.is(
    barrier.stdout,
    first.stdout,
    "settling by turns takes the same courses",
  );
});

test("--fingerprints does not hide that a seed fails", async (t) => {
  const { code, stdout } = await wavetank(
    "run",
    failing,
    "--seeds",
    "40",
    "--seed",
    "1",
    "--fingerprints",
  );
  t.is(code, 1);
  t.regex(stdout, /^(\d+ [0-9a-f]{16}\n)+$/);
});

for (const [command, ...given] of [
  ["run", "--seeds", "3", "--seed", "77"],
  ["replay", "--seed", "77"],
]) {
  test(`wavetank ${command} names the seed that never lets go of the thread, and Ctrl-C ends it`, async (t) => {
    const file = fixture("looping.sim.js");
    const { stderr, pid, diedOf } = await endedAfter(
      "kill -9",
      [command ?? "", file, ...given, "--stuck-ms", "300"],
      "SIGINT",
    );
    t.true(
      stderr.includes(
        `seed 77 has kept the thread for 300 ms: the program loops without awaiting anything. ` +
          `Ctrl-C ends it, and so does kill -9 ${pid}\n`,
      ),
      stderr,
    );
    t.is(diedOf, "SIGKILL");
    t.true(stderr.endsWith("\nended by Ctrl-C in seed 77\n"), stderr);
  });
}

test("a seed that never lets go is ended by kill -9 as well", async (t) => {
  const given = ["run", fixture("looping.sim.js"), "--stuck-ms", "300"];
  const { diedOf } = await endedAfter("kill -9", given, "SIGKILL");
  t.is(diedOf, "SIGKILL");
});

test("Ctrl-C ends a run after the seed that is running, with a report of what was run", async (t) => {
  const { code, stdout } = await interrupted([
    ...["run", fixture("endless.sim.js"), "--seeds", "1000000"],
  ]);
  t.is(code, 130, "neither proved nor disproved");
  t.regex(
    stdout,
    /^begun\n✓ endless {2}[\d,]+ of 1,000,000 seeds from \d+, interrupted · /,
  );
});

test("Ctrl-C ends a replay in the midst of its seed", async (t) => {
  const { diedOf } = await interrupted([
    ...["replay", fixture("unending.sim.js"), "--seed", "1"],
  ]);
  t.is(diedOf, "SIGINT");
});
