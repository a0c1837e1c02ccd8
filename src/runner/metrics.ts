/** What seeds took, one by one and on average. */
import type { SimulationReport } from "./report.ts";

/** What one seed took, whether it failed or not; or what seeds took on average. */
export interface SimulationMetrics {
  /** By the host's clock, without re-runs. */
  readonly wallMs: number;
  readonly simulatedMs: number;
  readonly events: number;
  /** Random draws; in a steered seed, those since its last breakpoint. */
  readonly draws: number;
  /** Faults of every kind that struck. */
  readonly faults: number;
}

/** The average over all seeds of a run, failed ones included; all 0 where none was run. */
export function averageMetrics(
  report: Pick<SimulationReport, "metrics">,
): SimulationMetrics {
  const all = [...report.metrics.values()];
  const of = (field: keyof SimulationMetrics): number =>
    all.reduce((sum, metrics) => sum + metrics[field], 0) /
    Math.max(all.length, 1);
  return {
    wallMs: of("wallMs"),
    simulatedMs: of("simulatedMs"),
    events: of("events"),
    draws: of("draws"),
    faults: of("faults"),
  };
}

/** The share of seeds that did not fail, from 0 to 1; 0 where none was run. */
export function successRate(
  report: Pick<SimulationReport, "metrics" | "failed">,
): number {
  const seeds = report.metrics.size;
  const failed = new Set(report.failed.map(({ seed }) => seed)).size;
  return seeds === 0 ? 0 : (seeds - failed) / seeds;
}
