/** Options that do not exist: a misspelt one would silently do nothing. And values that are no options at all. */
import { shown } from "./shown.ts";

/** Throws `TypeError`, naming the option that is not known and those that are, or what was given in place of options. */
export function refuseUnknownOptions(
  what: string,
  given: object,
  known: readonly string[],
): void {
  if (!isPlain(given))
    throw new TypeError(
      `the options of ${what} must be an object, not ${shown(given)}: it has ${known.join(", ")}`,
    );
  const unknown = Object.keys(given).find((name) => !known.includes(name));
  if (unknown === undefined) return;
  throw new TypeError(
    `${what} has no option "${unknown}": it has ${known.join(", ")}`,
  );
}

/** Throws `TypeError` for an option that is given and is no function. */
export function checkFunctionOption(name: string, given: unknown): void {
  if (given === undefined || typeof given === "function") return;
  throw new TypeError(`${name} must be a function, not ${shown(given)}`);
}

function isPlain(given: unknown): boolean {
  return typeof given === "object" && given !== null && !Array.isArray(given);
}
