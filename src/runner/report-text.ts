/** A report for people: the verdict, then what broke and the line to paste, then what was seen. */
import type { TraceEntry } from "../sim/index.ts";
import { describeError, type Failure } from "./failure.ts";
import type { InvariantResult } from "./invariant.ts";
import { mustAlwaysHold, type Observation } from "./observations.ts";
import { escapeLines } from "./proof-text.ts";
import {
  replayLine,
  type FailedSeed,
  type SimulationReport,
  type SlowSeed,
} from "./report.ts";

/** How to emphasise, where the reader's screen can. */
export interface Paint {
  good(text: string): string;
  bad(text: string): string;
  dim(text: string): string;
  bold(text: string): string;
}

/** No emphasis at all. */
export const plainPaint: Paint = {
  good: same,
  bad: same,
  dim: same,
  bold: same,
};

export interface ReportStyle {
  readonly paint: Paint;
  /** What `wavetank replay` is to be given. */
  readonly file: string | undefined;
}

/** Trace entries shown with a failure. */
const recentShown = 8;

export function formatReport(
  report: SimulationReport,
  style: ReportStyle,
): string {
  const lines = [summaryLine(report, style.paint)];
  for (const failed of report.failed)
    lines.push("", ...failedLines(report.name, failed, style));
  for (const problem of report.problems)
    lines.push("", style.paint.bad(`✗ ${report.name}: ${problem}`));
  lines.push(
    "",
    ...report.observations.map((observation) =>
      observationLine(observation, style.paint),
    ),
  );
  lines.push(...escapeLines(report.escapes));
  for (const result of report.invariants)
    lines.push(invariantLine(result, style.paint));
  if (report.ghostCalls > 0) {
    lines.push(
      `! ${report.ghostCalls} calls by dead processes had no effect: they share a promise with a living one`,
    );
  }
  lines.push(...slowLines(report.slowSeeds));
  return lines.join("\n");
}

/** `bank: 200 seeds · 41 h simulated in 52 s · …` */
export function summaryLine(report: SimulationReport, paint: Paint): string {
  const seeds = report.fingerprints.size;
  const seconds = report.wallMs / 1_000;
  const verdict = report.success ? paint.good("✓") : paint.bad("✗");
  const parts = [
    `${verdict} ${paint.bold(report.name)}  ${seedsPart(report)}`,
    `${duration(report.simulatedMs)} simulated in ${duration(report.wallMs)}`,
    `${grouped(report.events)} events`,
    `${(seeds / Math.max(seconds, 0.001)).toFixed(1)} seeds/s`,
    faultsPart(report.faults),
  ];
  return parts.join(" · ");
}

/** `23 of 100 seeds from 7, stopped: 10 had failed` */
function seedsPart(report: SimulationReport): string {
  const { base, ended, total, fingerprints } = report;
  const early = ended === "failures_max" || ended === "aborted";
  const done = grouped(fingerprints.size);
  const seeds = early
    ? `${done} of ${Number.isFinite(total) ? grouped(total) : "unlimited"} seeds`
    : plural(fingerprints.size, "seed");
  const from = base === undefined ? "" : ` from ${base}`;
  return `${seeds}${from}${endPart(report)}`;
}

function endPart({ ended, failed }: SimulationReport): string {
  switch (ended) {
    case "running":
    case "finished":
      return "";
    case "time_limit":
      return ", until time was up";
    case "failures_max":
      return `, stopped: ${grouped(failed.length)} failed`;
    case "aborted":
      return ", interrupted";
  }
}

/** Slow seeds that a report names one by one. */
const slowShown = 5;

function slowLines(slow: readonly SlowSeed[]): string[] {
  const lines = slow
    .toSorted((left, right) => right.wallMs - left.wallMs)
    .slice(0, slowShown)
    .map(({ seed, wallMs }) => `! seed ${seed} took ${duration(wallMs)}`);
  const more = slow.length - lines.length;
  return more > 0 ? [...lines, `! and ${grouped(more)} more are slow`] : lines;
}

function faultsPart(faults: ReadonlyMap<string, number>): string {
  const total = [...faults.values()].reduce((sum, count) => sum + count, 0);
  if (total === 0) return "no faults";
  const kinds = [...faults].map(([kind, count]) => `${kind} ${grouped(count)}`);
  return `${grouped(total)} faults (${kinds.join(" · ")})`;
}

function failedLines(
  name: string,
  failed: FailedSeed,
  { paint, file }: ReportStyle,
): string[] {
  const [first, ...rest] = failed.failures;
  if (first === undefined) return [];
  return [
    paint.bad(`✗ ${name}: ${first.message}`) + paint.dim(`  (${place(first)})`),
    `  replay: ${paint.bold(replayLine(file, failed))}`,
    ...detailLines(first),
    ...rest.map((failure) => `  then: ${failure.message}  (${place(failure)})`),
    ...struckLines(failed).map((line) => paint.dim(line)),
    ...failed.recent
      .slice(-recentShown)
      .map((entry) => paint.dim(`  ${traceLine(entry)}`)),
    paint.dim(`  drawn: ${JSON.stringify(failed.chaos)}`),
  ];
}

function place({ kind, atMs, event }: Failure): string {
  return `${kind}, at ${(atMs / 1_000).toFixed(3)} s simulated, event ${event}`;
}

function detailLines({ details, stack }: Failure): string[] {
  const lines =
    details === undefined ? [] : [`  details: ${plainText(details)}`];
  const frames =
    stack
      ?.split("\n")
      .filter((line) => /^\s+at /.test(line) && !line.includes("node:")) ?? [];
  return [...lines, ...frames.slice(0, 4).map((frame) => `  ${frame.trim()}`)];
}

/** `before it: 12.391 crash 10.0.1.2 · 12.402 partition 10.0.1.1 10.0.1.3` */
function struckLines({ struck }: FailedSeed): string[] {
  if (struck.length === 0) return [];
  const told = struck.map(({ atMs, event: { kind, targets } }) =>
    [(atMs / 1_000).toFixed(3), kind, ...targets].join(" "),
  );
  return [`  before it: ${told.join(" · ")}`];
}

function traceLine({ atMs, source, name, fields }: TraceEntry): string {
  return `${(atMs / 1_000).toFixed(3)} ${source} ${name} ${plainText(fields)}`;
}

function observationLine(
  { kind, message, passes, fails }: Observation,
  paint: Paint,
): string {
  if (mustAlwaysHold(kind)) {
    if (fails > 0)
      return `${paint.bad("✗")} ${message}  ${grouped(fails)}× of ${grouped(passes + fails)}×`;
    return `${paint.good("✓")} ${message}  ${grouped(passes)}×`;
  }
  const mark = passes > 0 ? paint.good("✓") : paint.dim("–");
  return `${mark} sometimes: ${message}  ${grouped(passes)}×`;
}

function invariantLine(
  { name, checks, observed, violations }: InvariantResult,
  paint: Paint,
): string {
  const seen = `${grouped(observed)} observed in ${grouped(checks)} checks`;
  if (violations > 0)
    return `${paint.bad("✗")} invariant: ${name}  violated in ${grouped(violations)} seeds, ${seen}`;
  const mark = observed > 0 ? paint.good("✓") : paint.bad("–");
  return `${mark} invariant: ${name}  ${seen}`;
}

/** JSON, with big integers as text. What JSON refuses must not keep a failure from being told. */
function plainText(value: unknown): string {
  try {
    return JSON.stringify(value, (_, field: unknown) =>
      typeof field === "bigint" ? `${field}n` : field,
    );
  } catch (error) {
    return `(cannot be printed: ${describeError(error)})`;
  }
}

/** 1 seed, 2 seeds */
export function plural(count: number, noun: string): string {
  return `${grouped(count)} ${noun}${count === 1 ? "" : "s"}`;
}

/** 1234567 → 1,234,567 */
export function grouped(count: number): string {
  return String(Math.round(count)).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** The two coarsest units that say something. */
export function duration(ms: number): string {
  const seconds = ms / 1_000;
  if (seconds < 60) return `${seconds.toFixed(seconds < 10 ? 1 : 0)} s`;
  const minutes = seconds / 60;
  if (minutes < 60) return `${minutes.toFixed(0)} min`;
  return `${(minutes / 60).toFixed(1)} h`;
}

function same(text: string): string {
  return text;
}
