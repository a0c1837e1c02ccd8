/** The command line, read and checked. */
import { parseArgs } from "node:util";

import {
  defaultAloneSeeds,
  escapeModes,
  type EscapeMode,
} from "../runner/index.ts";
import { checkSeed, parseTimeline, type Breakpoint } from "../sim/index.ts";
import { UsageError } from "./error.ts";

export interface RunArguments {
  readonly file: string;
  readonly seeds: number | undefined;
  readonly timeLimitMs: number | undefined;
  readonly base: number | undefined;
  readonly failuresMax: number;
  readonly fingerprints: boolean;
  readonly barrier: boolean;
  readonly escapes: EscapeMode;
  /** How many seeds to run once more in a thread of their own. */
  readonly alone: number;
  /** How long a seed may keep the thread before somebody says so. */
  readonly stuckMs: number;
}

export interface ReplayArguments {
  readonly file: string;
  readonly seed: number;
  readonly recipe: readonly Breakpoint[];
  readonly escapes: EscapeMode;
  /** How long a seed may keep the thread before somebody says so. */
  readonly stuckMs: number;
}

export interface NodeArguments {
  readonly file: string;
  readonly seed: number | undefined;
  readonly runMs: number | undefined;
}

export type Command =
  | { readonly kind: "help" }
  | { readonly kind: "version" }
  | { readonly kind: "run"; readonly run: RunArguments }
  | { readonly kind: "replay"; readonly replay: ReplayArguments }
  | { readonly kind: "node"; readonly node: NodeArguments };

const defaultFailuresMax = 10;
const defaultStuckMs = 10_000;

const options = {
  help: { type: "boolean", short: "h" },
  version: { type: "boolean", short: "v" },
  seeds: { type: "string" },
  seed: { type: "string" },
  "time-limit-ms": { type: "string" },
  "failures-max": { type: "string" },
  fingerprints: { type: "boolean" },
  barrier: { type: "boolean" },
  recipe: { type: "string" },
  escapes: { type: "string" },
  alone: { type: "string" },
  "run-ms": { type: "string" },
  "stuck-ms": { type: "string" },
} as const;

const allowed = {
  run: [
    ...["seeds", "seed", "time-limit-ms", "failures-max"],
    ...["fingerprints", "barrier", "escapes", "alone", "stuck-ms"],
  ],
  replay: ["seed", "recipe", "escapes", "stuck-ms"],
  node: ["seed", "run-ms"],
} as const;

type CommandName = keyof typeof allowed;

/** Turn arguments into a command, or throw `UsageError` or `SimulationError` naming the one that is wrong. */
export function parseCommand(argv: readonly string[]): Command {
  const { values, positionals } = parse(argv);
  if (values.help === true || argv.length === 0) return { kind: "help" };
  if (values.version === true) return { kind: "version" };
  const [name, file, ...rest] = positionals;
  if (!isCommandName(name)) {
    throw new UsageError(
      `there is no command "${name ?? ""}": use run, replay or node, or --help`,
    );
  }
  if (file === undefined)
    throw new UsageError(
      `wavetank ${name} needs the file that exports the simulation`,
    );
  if (rest.length > 0)
    throw new UsageError(`one file at a time: what is "${rest[0] ?? ""}"?`);
  refuseForeign(name, Object.keys(values));
  switch (name) {
    case "run":
      return { kind: "run", run: runArguments(file, values) };
    case "replay":
      return replayCommand(file, values);
    case "node":
      return { kind: "node", node: nodeArguments(file, values) };
  }
}

function isCommandName(name: string | undefined): name is CommandName {
  return name !== undefined && Object.hasOwn(allowed, name);
}

type Values = ReturnType<typeof parse>["values"];

function parse(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options, allowPositionals: true });
  } catch (error) {
    refuseUnknown(argv);
    throw new UsageError((error as Error).message, { cause: error });
  }
}

/** Node says how to name a file like that. It is an option that somebody has misspelt. */
function refuseUnknown(argv: readonly string[]): void {
  const { tokens, positionals } = parseArgs({
    ...{ args: [...argv], options, allowPositionals: true },
    ...{ strict: false, tokens: true },
  });
  for (const token of tokens)
    if (token.kind === "option" && !Object.hasOwn(options, token.name))
      throw noSuchOption(positionals.find(isCommandName), token.rawName);
}

function runArguments(file: string, values: Values): RunArguments {
  return {
    file,
    seeds: optionalCount(values.seeds, "--seeds"),
    timeLimitMs: optionalCount(values["time-limit-ms"], "--time-limit-ms"),
    base: values.seed === undefined ? undefined : seedOf(values.seed),
    failuresMax:
      optionalCount(values["failures-max"], "--failures-max") ??
      defaultFailuresMax,
    fingerprints: values.fingerprints === true,
    barrier: values.barrier === true,
    escapes: escapesOf(values.escapes),
    alone:
      values.alone === "0"
        ? 0
        : (optionalCount(values.alone, "--alone") ?? defaultAloneSeeds),
    stuckMs: stuckMsOf(values),
  };
}

function nodeArguments(file: string, values: Values): NodeArguments {
  return {
    file,
    seed: values.seed === undefined ? undefined : seedOf(values.seed),
    runMs: optionalCount(values["run-ms"], "--run-ms"),
  };
}

function replayCommand(file: string, values: Values): Command {
  if (values.seed === undefined)
    throw new UsageError(
      "wavetank replay needs --seed, as the failure printed it",
    );
  return {
    kind: "replay",
    replay: {
      file,
      seed: seedOf(values.seed),
      recipe: parseTimeline(values.recipe ?? ""),
      escapes: escapesOf(values.escapes),
      stuckMs: stuckMsOf(values),
    },
  };
}

function refuseForeign(name: CommandName, given: readonly string[]): void {
  const foreign = given.find(
    (option) => !(allowed[name] as readonly string[]).includes(option),
  );
  if (foreign !== undefined) throw noSuchOption(name, `--${foreign}`);
}

function noSuchOption(
  name: CommandName | undefined,
  option: string,
): UsageError {
  if (name === undefined)
    return new UsageError(`there is no option ${option}: see --help`);
  const known = allowed[name].map((each) => `--${each}`).join(", ");
  return new UsageError(
    `wavetank ${name} has no option ${option}: it has ${known}`,
  );
}

function seedOf(text: string): number {
  return checkSeed(/^\d+$/.test(text) ? Number(text) : text);
}

function stuckMsOf(values: Values): number {
  return optionalCount(values["stuck-ms"], "--stuck-ms") ?? defaultStuckMs;
}

function optionalCount(
  text: string | undefined,
  option: string,
): number | undefined {
  return text === undefined ? undefined : count(text, option);
}

function escapesOf(text = "warn"): EscapeMode {
  const mode = escapeModes.find((known) => known === text);
  if (mode !== undefined) return mode;
  throw new UsageError(
    `--escapes must be ${escapeModes.join(", ")}, not "${text}"`,
  );
}

function count(text: string, option: string): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(value) && value > 0)
    return value;
  throw new UsageError(
    `${option} must be a whole number above 0, not "${text}"`,
  );
}
