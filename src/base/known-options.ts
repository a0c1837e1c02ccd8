/** Options that do not exist: a misspelt one would silently do nothing. */

/** Throws `TypeError`, naming the option that is not known and those that are. */
export function refuseUnknownOptions(
  what: string,
  given: object,
  known: readonly string[],
): void {
  const unknown = Object.keys(given).find((name) => !known.includes(name));
  if (unknown === undefined) return;
  throw new TypeError(
    `${what} has no option "${unknown}": it has ${known.join(", ")}`,
  );
}
