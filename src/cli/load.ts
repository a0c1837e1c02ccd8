/** Finding the simulation in a user's file. */
import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";

import { SimulationBuilder } from "../runner/index.ts";
import { UsageError } from "./error.ts";

/** Import a file and return the simulation that it exports, as default or under any name. */
export async function loadSimulation(file: string): Promise<SimulationBuilder> {
  const path = resolve(file);
  if (!(await isFile(path))) throw new UsageError(`there is no file ${file}`);
  if (
    /\.[cm]?tsx?$/.test(file) &&
    !process.execArgv.some((argument) => argument.includes("tsx"))
  ) {
    throw new UsageError(
      `${file} is TypeScript: name the compiled file, or run node --import tsx on wavetank`,
    );
  }
  const exported = (await import(moduleOf(file))) as Record<string, unknown>;
  const found = candidatesOf(exported).find(isBuilder);
  if (found === undefined)
    throw new UsageError(
      `${file} exports no SimulationBuilder: export default one`,
    );
  return found;
}

/** The default first. A CommonJS module is itself the default, and what was compiled to one has its own default inside. */
function candidatesOf(exported: Record<string, unknown>): unknown[] {
  const own = exported["default"];
  const inner =
    typeof own === "object" && own !== null && !isBuilder(own)
      ? (own as Record<string, unknown>)
      : {};
  return [
    own,
    inner["default"],
    ...Object.values(exported),
    ...Object.values(inner),
  ];
}

/** The address that a file is imported by. */
export function moduleOf(file: string): string {
  return pathToFileURL(resolve(file)).href;
}

async function isFile(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile();
  } catch {
    // Whatever is there, if anything, cannot be read.
    return false;
  }
}

function isBuilder(value: unknown): value is SimulationBuilder {
  return value instanceof SimulationBuilder;
}
