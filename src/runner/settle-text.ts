/** What was left behind, for people. */
import { wordOf, type LeftBehind } from "./settle.ts";
import { plural } from "./text.ts";

/** One line for each kind of member. */
export function leftBehindLines(all: readonly LeftBehind[]): string[] {
  const kinds = [...new Set(all.map(({ who }) => who))];
  return kinds.map((kind) => {
    const own = all.filter(({ who }) => who === kind);
    const things = own.map(
      ({ kind: thing, count, example, madeAt }) =>
        `${plural(count, wordOf(thing))} (${example}${madeAt === undefined ? "" : `, made by ${madeAt}`})`,
    );
    const [first] = own;
    return `! ${kind}, asked to stop, left behind ${things.join(", ")}; first in seed ${first?.seed}`;
  });
}
