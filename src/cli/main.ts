#!/usr/bin/env node
/** The `wavetank` command. */
import { isSimulationError } from "../sim/index.ts";
import { parseCommand } from "./arguments.ts";
import { execute } from "./commands.ts";
import { UsageError } from "./error.ts";

// Where a program was compiled, its failures name the lines that somebody wrote.
process.setSourceMapsEnabled(true);
try {
  process.exitCode = await execute(parseCommand(process.argv.slice(2)));
} catch (error) {
  if (!(error instanceof UsageError) && !isSimulationError(error)) throw error;
  process.stderr.write(`wavetank: ${error.message}\n`);
  process.exitCode = 2;
}
