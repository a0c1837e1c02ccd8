/** A report for people: the verdict, then what broke and the line to paste, then what was seen. */
import { failureLines } from "./failure-text.ts";
import type { InvariantResult } from "./invariant.ts";
import { mustAlwaysHold, type Observation } from "./observations.ts";
import { aloneLines, escapeLines } from "./proof-text.ts";
import type { SimulationReport, SlowSeed } from "./report.ts";
import type { Paint, ReportStyle } from "./report-style.ts";
import { leftBehindLines } from "./settle-text.ts";
import { duration, grouped, plural } from "./text.ts";

export function formatReport(
  report: SimulationReport,
  style: ReportStyle,
): string {
  const lines = [summaryLine(report, style.paint)];
  lines.push(...failureLines(report.name, report.failed, style));
  for (const problem of report.problems)
    lines.push("", style.paint.bad(`✗ ${report.name}: ${problem}`));
  lines.push(
    "",
    ...report.observations.map((observation) =>
      observationLine(observation, style.paint),
    ),
  );
  lines.push(...escapeLines(report.escapes), ...aloneLines(report.alone));
  for (const result of report.invariants)
    lines.push(invariantLine(result, style.paint));
  if (report.ghostCalls > 0) {
    lines.push(
      `! ${report.ghostCalls} calls by dead processes had no effect: they share a promise with a living one`,
    );
  }
  lines.push(...leftBehindLines(report.leftBehind));
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

export function observationLine(
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
