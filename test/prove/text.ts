/** The page that a proof leaves behind. */
import type { SimulationReport } from "../../src/runner/index.ts";

export interface Proof {
  readonly name: string;
  readonly seeds: number;
  readonly base: number;
  /** Of each simulation, as `section` makes it. */
  readonly sections: readonly string[];
  /** The commit that was looked at. */
  readonly commit: string;
}

/** Markdown. What differs from machine to machine, such as the time it took, is left out. */
export function proofText({
  name,
  seeds,
  base,
  commit,
  sections,
}: Proof): string {
  const intro = [
    `# ${name}`,
    "",
    `What \`npm run prove -- ${name} --seeds ${seeds} --base ${base}\` found at commit ${commit}.`,
  ];
  return [...intro, ...sections, ""].join("\n");
}

/** What one simulation came to. */
export function section(report: SimulationReport): string {
  const { name, fingerprints, failed, problems, simulatedMs, events } = report;
  const hours = (simulatedMs / 3_600_000).toFixed(1);
  return [
    "",
    `## ${name}`,
    "",
    `${fingerprints.size} seeds, ${failed.length} failed; ${hours} h simulated, ${events} events.`,
    ...problems.map((problem) => `Problem: ${problem}.`),
    "",
    "| held | times |",
    "| --- | --- |",
    ...report.observations.map(
      ({ message, passes }) => `| ${message} | ${passes} |`,
    ),
    "",
    "| fault | times |",
    "| --- | --- |",
    ...[...report.faults].map(([fault, count]) => `| ${fault} | ${count} |`),
  ].join("\n");
}
