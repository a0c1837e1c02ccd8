/** Who is loaded before the program decides whether what the program keeps at load is watched. */
import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import test from "ava";

import { chance, plant, type Planted } from "./plants.ts";

const source = (file: string): string =>
  new URL(`../../src/${file}`, import.meta.url).href;

/** Run a program that imports these and then the planted simulation; say which lines it finds. */
async function linesFound(
  planted: Planted,
  options: { preload?: string; first?: string },
): Promise<number[]> {
  const { preload, first } = options;
  const program = join(planted.file, "../program.js");
  writeFileSync(
    program,
    `${first === undefined ? "" : `import "${source(first)}";`}
import simulation from "./planted.sim.js";
const { escapes } = await simulation.run({ seeds: [1] });
console.log(JSON.stringify(escapes.map(({ site }) => site.line)));
`,
  );
  const flags = preload === undefined ? [] : ["--import", source(preload)];
  const run = promisify(execFile);
  const { stdout } = await run(process.execPath, [...flags, program]);
  return JSON.parse(stdout) as number[];
}

test("a function that is kept at module load is found when wavetank/escapes or wavetank/ava came first, and only then", async (t) => {
  const planted = plant(chance, "kept at module load");
  t.teardown(() => planted.remove());
  t.deepEqual(await linesFound(planted, {}), []);
  const { line } = planted;
  t.deepEqual(await linesFound(planted, { preload: "escapes.js" }), [line]);
  t.deepEqual(await linesFound(planted, { first: "ava.js" }), [line]);
});
