/** Values in words. */

/** A value as messages show it, in a few words: a short one itself, of another what it is. */
export function shown(value: unknown): string {
  if (typeof value === "string")
    return value.length <= shownMax
      ? JSON.stringify(value)
      : `a text of ${value.length} characters`;
  if (typeof value === "function") return "a function";
  if (typeof value === "symbol" || typeof value === "bigint")
    return value.toString();
  if (typeof value !== "object" || value === null) return `${value as number}`;
  if (Array.isArray(value)) return `an array of ${value.length}`;
  const { constructor } = value;
  return typeof constructor === "function" && constructor !== Object
    ? `${/^[AEIOU]/.test(constructor.name) ? "an" : "a"} ${constructor.name}`
    : "an object";
}

/** What was thrown, as a text. Not everything that can be thrown has one of its own. */
export function thrownText(thrown: unknown): string {
  try {
    return String(thrown);
  } catch {
    return shown(thrown);
  }
}

const shownMax = 60;
