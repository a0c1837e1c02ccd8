/** `--escapes`: what the command line says of programs that use the machine. */
import test from "ava";

import { fixture, wavetank } from "./support.ts";

const escaping = fixture("escaping.sim.js");
const run = ["run", escaping, "--seeds", "3", "--seed", "5"];
const line =
  /\n! escape: Math\.random at \S+escaping\.sim\.ts:\d+:\d+, by work \(10\.1\.0\.1\), 3×, first in seed 5: draw from ctx\.random/;

test("wavetank run warns of a function that was kept at module load, with its line", async (t) => {
  const { code, stdout } = await wavetank(...run);
  t.is(code, 0);
  t.regex(stdout, line);
});

test("--escapes error fails the seeds that escape, and so does their replay", async (t) => {
  const { code, stdout } = await wavetank(...run, "--escapes", "error");
  t.is(code, 1);
  t.regex(stdout, /^✗ escaping: Math\.random at .* {2}\(escape, in 2 more/m);
  const seed = ["--seed", "5", "--escapes", "error"];
  t.is((await wavetank("replay", escaping, ...seed)).code, 1);
});

test("--escapes off looks at nothing", async (t) => {
  const { code, stdout } = await wavetank(...run, "--escapes", "off");
  t.is(code, 0);
  t.false(stdout.includes("escape:"));
});

test("--escapes takes no other word", async (t) => {
  const { code, stderr } = await wavetank(...run, "--escapes", "loud");
  t.is(code, 2);
  t.is(stderr, 'wavetank: --escapes must be error, warn, off, not "loud"\n');
});
