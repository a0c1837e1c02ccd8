/** A report of a run on real providers, for people. */
import type { NodeReport, NodeResult } from "./node-report.ts";
import { mustAlwaysHold } from "./observations.ts";
import type { Paint } from "./report-style.ts";
import { observationLine } from "./report-text.ts";
import { duration, grouped, plainText } from "./text.ts";

/** The verdict, then every member by name, then what was seen. */
export function formatNodeReport(report: NodeReport, paint: Paint): string {
  const { results, violations, stray, problems, observations } = report;
  const bad = (text: string): string => paint.bad(`✗ ${text}`);
  return [
    nodeSummary(report, paint),
    ...results.flatMap((result) => resultLines(result, paint)),
    ...violations.map(
      ({ message, details }) =>
        bad(message) + (details === undefined ? "" : `  ${plainText(details)}`),
    ),
    ...stray.map((message) => bad(`nobody caught: ${message}`)),
    ...problems.map(bad),
    ...observations
      .filter(({ kind, fails }) => !mustAlwaysHold(kind) || fails === 0)
      .map((observation) => observationLine(observation, paint)),
  ].join("\n");
}

function nodeSummary(report: NodeReport, paint: Paint): string {
  const { success, name, seed, successes, results, successRate } = report;
  const verdict = success ? paint.good("✓") : paint.bad("✗");
  return [
    `${verdict} ${paint.bold(name)}  on real providers, seed ${seed}`,
    `${grouped(successes)} of ${grouped(results.length)} succeeded (${successRate.toFixed(0)} %)`,
    duration(report.wallMs),
    ...(report.aborted ? ["aborted"] : []),
  ].join(" · ");
}

function resultLines(
  { name, role, failures, wallMs }: NodeResult,
  paint: Paint,
): string[] {
  const what = role === "server" ? "process" : "workload";
  if (failures.length === 0)
    return [`${paint.good("✓")} ${what} ${name}  ${duration(wallMs)}`];
  return failures.map(({ part, message }) =>
    paint.bad(`✗ ${what} ${name}: ${part}: ${message}`),
  );
}
