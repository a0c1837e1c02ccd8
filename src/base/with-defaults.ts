/** Options that were not given. */

/** The type of options of which any may be left out, or be `undefined`, which is the same. */
export type Given<T> = { readonly [K in keyof T]?: T[K] | undefined };

/**
 * The defaults, with what was given in their place. `undefined` is as good as not given, as it is for parameters:
 * `{ dataFolder: process.env["DATA"] }` has the default where the variable is not set.
 */
export function withDefaults<T extends object>(
  defaults: Readonly<T>,
  given: Given<T>,
): T {
  const chosen: T = { ...defaults };
  for (const key of Object.keys(given) as (keyof T)[]) {
    const value = given[key];
    if (value !== undefined) chosen[key] = value as T[keyof T];
  }
  return chosen;
}
