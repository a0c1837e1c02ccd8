/** How the options of built-in injectors are filled in and checked. */
import { checkOptionNames, SimulationError } from "../sim/index.ts";

/** Options that are ranges of milliseconds, shares from 0 to 1, or one of some words. */
type InjectorOptions = { readonly [option: string]: unknown };

/** Fill in defaults, and refuse ranges, shares and words that make no sense. */
export function resolveRanges<T extends object>(
  what: string,
  given: Partial<T>,
  defaults: Readonly<T>,
): Readonly<T> {
  checkOptionNames(what, given, Object.keys(defaults));
  const config = { ...defaults, ...given };
  for (const [option, value] of Object.entries(config as InjectorOptions)) {
    if (isRange(value) || isRatio(value) || typeof value === "string") continue;
    throw badOption(what, option, value);
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

function isRange(value: unknown): boolean {
  if (!Array.isArray(value)) return false;
  const [from, to] = value as readonly unknown[];
  if (typeof from !== "number" || typeof to !== "number") return false;
  return from >= 0 && from <= to && Number.isFinite(to);
}

function isRatio(value: unknown): boolean {
  return typeof value === "number" && value >= 0 && value <= 1;
}
