/** Programs with one planted mistake each, written to a folder, so that the line of the mistake is known. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

import type { SimulationBuilder } from "../../src/runner/index.ts";

/** A mistake: how to write it, and how to write it when a module keeps what it needs at load. */
export interface Mistake {
  readonly name: string;
  /** Needed at the top of the module. */
  readonly top: string;
  /** An expression that is a number. */
  readonly use: string;
  readonly kept: string;
  readonly keptUse: string;
}

export const clock: Mistake = {
  name: "Date.now",
  top: "",
  use: "Date.now()",
  kept: "const { now } = Date;",
  keptUse: "now()",
};

export const chance: Mistake = {
  name: "Math.random",
  top: "",
  use: "Math.random() * 1_000_000",
  kept: "const { random } = Math;",
  keptUse: "random() * 1_000_000",
};

export const disk: Mistake = {
  name: "fs.readFileSync",
  top: 'import fs from "node:fs";',
  use: 'fs.readFileSync("/dev/null").length',
  kept: 'import { readFileSync } from "node:fs";\nconst keeper = { readFileSync };',
  keptUse: 'keeper.readFileSync("/dev/null").length',
};

/** No use of the machine at all: what one seed leaves behind changes the next. */
export const counter: Mistake = {
  name: "a counter",
  top: "const counter = { value: 0 };",
  use: "(counter.value += 1)",
  kept: "const counter = { value: 0 };\nconst next = () => (counter.value += 1);",
  keptUse: "next()",
};

/** Nothing wrong. */
export const quiet: Mistake = {
  name: "nothing",
  top: "",
  use: "3",
  kept: "",
  keptUse: "3",
};

/** Where it is planted. */
export const places = [
  "in the process",
  "in a dependency",
  "after an await",
  "kept at module load",
] as const;
export type Place = (typeof places)[number];

export interface Planted {
  /** The simulation's file. */
  readonly file: string;
  /** Where the mistake is. */
  readonly culprit: string;
  readonly line: number;
  remove(): void;
}

/** Write a simulation with this mistake in this place. */
export function plant(mistake: Mistake, place: Place): Planted {
  const folder = mkdtempSync(join(tmpdir(), "wavetank-planted-"));
  const file = join(folder, "planted.sim.js");
  const dependency = join(folder, "node_modules/dependency/index.js");
  mkdirSync(join(dependency, ".."), { recursive: true });
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
  const packageJson = '{ "type": "module", "exports": "./index.js" }';
  writeFileSync(join(dependency, "../package.json"), packageJson);
  const texts = textsOf(mistake, place);
  writeFileSync(file, texts.simulation);
  writeFileSync(dependency, texts.dependency);
  const [culprit, text] =
    place === "in a dependency"
      ? [dependency, texts.dependency]
      : [file, texts.simulation];
  const before = text.slice(0, text.indexOf("/*planted*/"));
  return {
    file,
    culprit,
    line: before.split("\n").length,
    remove: () => rmSync(folder, { recursive: true }),
  };
}

/** The simulation that such a file exports, freshly loaded. */
export async function load(planted: Planted): Promise<SimulationBuilder> {
  const { href } = pathToFileURL(planted.file);
  const module = (await import(href)) as { default: SimulationBuilder };
  return module.default;
}

const simulator = new URL("../../src/sim.js", import.meta.url).href;

function textsOf(
  mistake: Mistake,
  place: Place,
): { simulation: string; dependency: string } {
  const elsewhere = place === "in a dependency";
  const kept = place === "kept at module load";
  const top = kept ? mistake.kept : mistake.top;
  const use = kept ? mistake.keptUse : mistake.use;
  const simulation = `import { SimulationBuilder } from "${simulator}";
${elsewhere ? 'import { pause } from "dependency";' : top}
export default new SimulationBuilder("planted").withoutChecks()
  .processes("careless", {}, async (ctx) => {
    ${place === "after an await" ? "await ctx.time.sleep(5);" : ""}
    ${elsewhere ? "await pause(ctx.time);" : `/*planted*/ await ctx.time.sleep(1 + ((${use}) % 100));`}
  })
  .workload(() => ({ name: "work", run: ({ time }) => time.sleep(500) }));
`;
  const dependency = `${top}
export function pause(time) {
  return /*planted*/ time.sleep(1 + ((${use}) % 100));
}
`;
  return { simulation, dependency };
}
