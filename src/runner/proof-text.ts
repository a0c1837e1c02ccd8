/** What the proof of determinism has to say to people. */
import {
  describeEscape,
  escapeRemedies,
  type Escape,
} from "./proof-escapes.ts";

/** Places shown; a program that never heard of providers has hundreds. */
const escapesShown = 20;

/** A line for each place that used the machine, and what to do about it. */
export function escapeLines(escapes: readonly Escape[]): string[] {
  const lines = escapes
    .slice(0, escapesShown)
    .map(
      (escape) =>
        `! escape: ${describeEscape(escape)}, ${escape.count}×, first in seed ${escape.seed}: ${escapeRemedies[escape.kind]}`,
    );
  const more = escapes.length - escapesShown;
  return more > 0 ? [...lines, `! and ${more} more escapes`] : lines;
}
