/**
 * The command line: `wavetank run`, `wavetank replay` and `wavetank node`.
 *
 * Imports the laboratory, and Node for files and the terminal. Start with `main.ts`, which the package's `bin` names.
 */
export { parseCommand, type Command } from "./arguments.ts";
export { UsageError } from "./error.ts";
