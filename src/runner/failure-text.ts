/** Failures for people: what broke, the line to paste, then the story. */
import type { TraceEntry } from "../sim/index.ts";
import type { Failure } from "./failure.ts";
import { divergenceLines } from "./proof-text.ts";
import { replayLine, type FailedSeed } from "./report.ts";
import type { ReportStyle } from "./report-style.ts";
import { ownFrames } from "./stack-text.ts";
import { grouped, plainText, plural } from "./text.ts";
import type { Waiting } from "./waiting.ts";

/** Trace entries, members that wait, and replay lines of one group that are shown. */
const recentShown = 8;
const waitingShown = 8;
const replaysShown = 10;

/** The first failed seed in full; the others by what broke first, with their replay lines. */
export function failureLines(
  name: string,
  failed: readonly FailedSeed[],
  style: ReportStyle,
): string[] {
  const [first, ...others] = failed;
  if (first === undefined) return [];
  return [
    ...["", ...wholeStory(name, first, style)],
    ...groups(others).flatMap((group) => [
      "",
      ...groupLines(name, group, style),
    ]),
  ];
}

function wholeStory(
  name: string,
  failed: FailedSeed,
  { paint, file }: ReportStyle,
): string[] {
  const [first, ...rest] = failed.failures;
  if (first === undefined) return [];
  return [
    paint.bad(`✗ ${name}: ${first.message}`) + paint.dim(`  (${place(first)})`),
    `  replay: ${paint.bold(replayLine(file, failed))}`,
    ...divergenceLines(failed.divergence),
    ...detailLines(first),
    ...rest.map(thenLine),
    ...struckLines(failed).map((line) => paint.dim(line)),
    ...failed.recent
      .slice(-recentShown)
      .map((entry) => paint.dim(`  ${traceLine(entry)}`)),
    paint.dim(`  drawn: ${JSON.stringify(failed.chaos)}`),
  ];
}

/** What else broke, in order. */
function thenLine(failure: Failure): string {
  return `  then: ${failure.message}  (${place(failure)})`;
}

/** Numbers and fingerprints aside, what broke first: `total is 990` and `total is 995` are one failure. */
function groups(failed: readonly FailedSeed[]): FailedSeed[][] {
  const byMessage = new Map<string, FailedSeed[]>();
  for (const seed of failed) {
    const [first] = seed.failures;
    const key = `${first?.kind} ${first?.message.replace(/\b[0-9a-f]{16}\b|\d+/g, "#")}`;
    byMessage.set(key, [...(byMessage.get(key) ?? []), seed]);
  }
  return [...byMessage.values()];
}

function groupLines(
  name: string,
  group: readonly FailedSeed[],
  { paint, file }: ReportStyle,
): string[] {
  const [failure] = group[0]?.failures ?? [];
  if (failure === undefined) return [];
  const more = group.length - replaysShown;
  const count = plural(group.length, "more seed");
  return [
    paint.bad(`✗ ${name}: ${failure.message}`) +
      paint.dim(`  (${failure.kind}, in ${count})`),
    ...group
      .slice(0, replaysShown)
      .map((seed) => `  replay: ${paint.bold(replayLine(file, seed))}`),
    ...(more > 0 ? [`  and ${grouped(more)} more`] : []),
  ];
}

/** Where it broke first; what broke over and over is told once. */
function place({ kind, count, atMs, event }: Failure): string {
  const more = count === 1 ? "" : `, and ${grouped(count - 1)} more`;
  return `${kind}, at ${(atMs / 1_000).toFixed(3)} s simulated, event ${event}${more}`;
}

function detailLines({ details, stack, waiting = [] }: Failure): string[] {
  const more = waiting.length - waitingShown;
  return [
    ...(details === undefined ? [] : [`  details: ${plainText(details)}`]),
    ...ownFrames(stack).map((frame) => `  ${frame}`),
    ...waiting.slice(0, waitingShown).map(waitingLine),
    ...(more > 0 ? [`  and ${grouped(more)} more wait`] : []),
  ];
}

function waitingLine({ who, waitsFor }: Waiting): string {
  if (waitsFor.length > 0) return `  ${who} waits for ${waitsFor.join(", ")}`;
  return (
    `  ${who} waits for nothing that this world could bring: a promise of its own, or something of the machine ` +
    "(setTimeout, fetch, fs) instead of ctx.time, ctx.network, ctx.storage"
  );
}

/** `before it: 12.391 crash 10.0.1.2 · 12.402 partition 10.0.1.1 10.0.1.3` */
function struckLines({ struck }: FailedSeed): string[] {
  if (struck.length === 0) return [];
  const told = new Map<string, number>();
  for (const { atMs, event } of struck) {
    const seconds = (atMs / 1_000).toFixed(3);
    const line = [seconds, event.kind, ...event.targets].join(" ");
    told.set(line, (told.get(line) ?? 0) + 1);
  }
  const parts = [...told].map(([line, times]) =>
    times === 1 ? line : `${line} ${times}×`,
  );
  return [`  before it: ${parts.join(" · ")}`];
}

function traceLine({ atMs, source, name, fields }: TraceEntry): string {
  return `${(atMs / 1_000).toFixed(3)} ${source} ${name} ${plainText(fields)}`;
}
