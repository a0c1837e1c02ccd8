/** What the command line says when it is asked for help, and when it cannot make sense of what it is told. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import test from "ava";

import { fixture, root, wavetank } from "./support.ts";

const clean = fixture("clean.sim.js");
const badSeed = (seed: string): string =>
  `[bad_seed] a seed is a whole number from 0 to 9007199254740991, not ${seed}`;

const mistakes: [what: string, given: string[], text: string | RegExp][] = [
  [
    "an unknown command",
    ["walk", clean],
    'there is no command "walk": use run, replay or node, or --help',
  ],
  [
    "an option alone",
    ["--seeds", "3"],
    'there is no command "": use run, replay or node, or --help',
  ],
  [
    "run without a file",
    ["run"],
    "wavetank run needs the file that exports the simulation",
  ],
  [
    "replay without a file",
    ["replay", "--seed", "3"],
    "wavetank replay needs the file that exports the simulation",
  ],
  [
    "two files",
    ["run", clean, "other.js"],
    'one file at a time: what is "other.js"?',
  ],
  [
    "an unknown option",
    ["run", clean, "--sedes", "3"],
    /^wavetank run has no option --sedes: it has --seeds, --seed, /,
  ],
  ["an unknown short option", ["-x"], "there is no option -x: see --help"],
  [
    "an option without its value",
    ["run", clean, "--seeds"],
    /^Option '--seeds <value>' argument missing/,
  ],
  [
    "an option of replay in run",
    ["run", clean, "--recipe", "1@2"],
    /^wavetank run has no option --recipe: it has --seeds, --seed, /,
  ],
  [
    "an option of run in replay",
    ["replay", clean, "--seeds", "1"],
    "wavetank replay has no option --seeds: it has --seed, --recipe, --escapes, --stuck-ms",
  ],
  [
    "an option of run in node",
    ["node", clean, "--seeds", "1"],
    "wavetank node has no option --seeds: it has --seed, --run-ms",
  ],
  [
    "node without a file",
    ["node"],
    "wavetank node needs the file that exports the simulation",
  ],
  [
    "no time to run",
    ["node", clean, "--run-ms", "0"],
    '--run-ms must be a whole number above 0, not "0"',
  ],
  [
    "replay without a seed",
    ["replay", clean],
    "wavetank replay needs --seed, as the failure printed it",
  ],
  [
    "a missing file",
    ["run", "no/such.sim.js"],
    "there is no file no/such.sim.js",
  ],
  ["a folder", ["run", "dist"], "there is no file dist"],
  ["a seed that is no number", ["run", clean, "--seed", "abc"], badSeed("abc")],
  ["a negative seed", ["run", clean, "--seed=-1"], badSeed("-1")],
  [
    "a seed with a fraction",
    ["replay", clean, "--seed", "1.5"],
    badSeed("1.5"),
  ],
  [
    "a seed that is too large",
    ["run", clean, "--seed", "9007199254740992"],
    badSeed("9007199254740992"),
  ],
  ["an empty seed", ["run", clean, "--seed", ""], badSeed("")],
  [
    "no seeds",
    ["run", clean, "--seeds", "0"],
    '--seeds must be a whole number above 0, not "0"',
  ],
  [
    "half a seed",
    ["run", clean, "--seeds", "0.5"],
    '--seeds must be a whole number above 0, not "0.5"',
  ],
  [
    "many seeds in words",
    ["run", clean, "--seeds", "many"],
    '--seeds must be a whole number above 0, not "many"',
  ],
  [
    "no failures",
    ["run", clean, "--failures-max", "0"],
    '--failures-max must be a whole number above 0, not "0"',
  ],
  [
    "a bad recipe",
    ["replay", clean, "--seed", "1", "--recipe", "12@3 -> x"],
    '[bad_recipe] "x" is no step of a recipe: write count@seed, joined by " -> "',
  ],
  [
    "a TypeScript file",
    ["run", "test/cli/fixtures/clean.sim.ts"],
    "test/cli/fixtures/clean.sim.ts is TypeScript: name the compiled file, or run node --import tsx on wavetank",
  ],
  [
    "a file without a simulation",
    ["run", fixture("no-simulation.js")],
    `${fixture("no-simulation.js")} exports no SimulationBuilder: export default one`,
  ],
];
for (const [what, given, text] of mistakes) {
  test(`wavetank refuses ${what} with exit code 2 and one message`, async (t) => {
    const { code, stdout, stderr } = await wavetank(...given);
    t.is(code, 2);
    t.is(stdout, "");
    t.true(stderr.startsWith("wavetank: "), stderr);
    const said = stderr.slice("wavetank: ".length);
    if (typeof text === "string") t.is(said, `${text}\n`);
    else t.regex(said, text);
    t.notRegex(stderr, /\n\s+at /, "no stack");
  });
}

test("wavetank without arguments, with -h and with --help explains itself", async (t) => {
  const { code, stdout, stderr } = await wavetank();
  t.is(code, 0);
  t.is(stderr, "");
  for (const word of [
    "wavetank run FILE",
    "wavetank replay FILE --seed S",
    "wavetank node FILE",
    "--run-ms N",
    "--seeds N",
    "--seed S",
    "--failures-max N",
  ]) {
    t.true(stdout.includes(word), word);
  }
  for (const word of [
    "--fingerprints",
    "--barrier",
    "--recipe",
    "exit codes: 0 ",
  ])
    t.true(stdout.includes(word), word);
  for (const given of [
    ["-h"],
    ["--help"],
    ["run", "--help"],
    ["replay", clean, "-h"],
  ]) {
    t.deepEqual(await wavetank(...given), { code, stdout, stderr });
  }
});

test("wavetank --version says the version of the package", async (t) => {
  const { version } = JSON.parse(
    readFileSync(join(root, "package.json"), "utf8"),
  ) as { version: string };
  for (const given of ["-v", "--version"]) {
    t.deepEqual(await wavetank(given), {
      code: 0,
      stdout: `${version}\n`,
      stderr: "",
    });
  }
});
