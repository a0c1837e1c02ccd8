/** `--alone`: seeds that come after others are run once more where nothing came before. */
import test from "ava";

import { fixture, wavetank } from "./support.ts";

const run = ["run", fixture("leaking.sim.js"), "--seeds", "4", "--seed", "1"];

test("wavetank run finds what a module keeps from one seed to the next, with its line on both sides", async (t) => {
  const { code, stdout } = await wavetank(...run);
  t.is(code, 1);
  t.regex(stdout, /^✗ leaking: the seed takes another course alone \(/m);
  t.regex(
    stdout,
    /\n {4}alone: event \d+, 10\.1\.0\.1 process boot at 0\.000 s, schedules timer sleep for 0\.001 s {2}at (\S+leaking\.sim\.[jt]s:\d+:\d+)\n {4}after others: .* for 0\.002 s {2}at \1\n/,
  );
});

test("--alone 0 runs no seed alone", async (t) => {
  t.is((await wavetank(...run, "--alone", "0")).code, 0);
});

test("--alone takes a number", async (t) => {
  const { code, stderr } = await wavetank(...run, "--alone", "all");
  t.is(code, 2);
  t.regex(stderr, /^wavetank: --alone must be a whole number/);
});
