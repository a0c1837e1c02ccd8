/** What the proof of determinism has to say to people. */
import { formatCallSite } from "../node/index.ts";
import { formatOperation } from "../sim/index.ts";
import type { AloneReport } from "./proof-alone.ts";
import type { Divergence, DivergentSide } from "./divergence.ts";
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

/** Both sides of the place where two runs part. */
export function divergenceLines(divergence: Divergence | undefined): string[] {
  if (divergence === undefined) return [];
  const { alike, sides } = divergence;
  return [
    `  the runs part after ${alike} operations that are alike:`,
    ...sides.map((side) => `    ${sideText(side)}`),
  ];
}

function sideText({ run, operation }: DivergentSide): string {
  if (operation === undefined) return `${run}: nothing more happens`;
  const { event, site } = operation;
  const where = site === undefined ? "" : `  at ${formatCallSite(site)}`;
  return `${run}: event ${event}, ${formatOperation(operation)}${where}`;
}

/** That no seed could be run alone is no failure, but it must not go unsaid. */
export function aloneLines(alone: AloneReport | undefined): string[] {
  return alone?.trouble === undefined
    ? []
    : [`! seeds could not be run alone: ${alone.trouble}`];
}
