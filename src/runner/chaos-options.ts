/** How the options of built-in injectors are filled in and checked. */
import { withDefaults } from "../base/with-defaults.ts";
import { checkOptionNames, SimulationError } from "../sim/index.ts";

/** Options that are milliseconds (`…Ms`) or ranges of them, shares from 0 to 1, or one of some words. */
type InjectorOptions = { readonly [option: string]: unknown };

/** Fill in defaults, and refuse what makes no sense, or is of another sort than the default. */
export function resolveRanges<T extends object>(
  what: string,
  given: Partial<T>,
  defaults: Readonly<T>,
): Readonly<T> {
  checkOptionNames(what, given, Object.keys(defaults));
  const config = withDefaults(defaults, given);
  for (const [option, value] of Object.entries(config as InjectorOptions)) {
    const usual = (defaults as InjectorOptions)[option];
    if (!makesSense(option, usual, value)) throw badOption(what, option, value);
  }
  return Object.freeze(config);
}

export function badOption(
  what: string,
  option: string,
  value: unknown,
): SimulationError<"bad_option"> {
  const message = `${what} option ${option} cannot be ${JSON.stringify(value)}`;
  return new SimulationError("bad_option", message, { option, value });
}

function makesSense(option: string, usual: unknown, value: unknown): boolean {
  if (Array.isArray(usual)) return isRange(value);
  if (typeof usual === "string") return typeof value === "string";
  return option.endsWith("Ms") ? isDuration(value) : isRatio(value);
}

function isDuration(value: unknown): boolean {
  return typeof value === "number" && value >= 0 && Number.isFinite(value);
}

function isRange(value: unknown): boolean {
  if (!Array.isArray(value)) return false;
  const [from, to] = value as readonly unknown[];
  if (typeof from !== "number" || typeof to !== "number") return false;
  return from >= 0 && from <= to && Number.isFinite(to);
}

function isRatio(value: unknown): boolean {
  return typeof value === "number" && value >= 0 && value <= 1;
}
