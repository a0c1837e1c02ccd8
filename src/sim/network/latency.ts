/** How long something takes: a shape, its parameters, and a draw from it. */
import type { RandomProvider } from "../../core/index.ts";

/** From–to in milliseconds, both included, drawn uniformly to the microsecond. */
export type MsRange = readonly [fromMs: number, toMs: number];

/** Mostly short, sometimes long: what remains to wait never depends on how long one has waited. */
export interface ExponentialLatency {
  readonly shape: "exponential";
  readonly minMs: number;
  /** What is added to the minimum on average. */
  readonly meanMs: number;
}

/** Fast, except for a small share that is slow: a cache that misses, a route that is longer. */
export interface BimodalLatency {
  readonly shape: "bimodal";
  readonly fastMs: MsRange;
  readonly slowMs: MsRange;
  readonly slowProbability: number;
}

/** Most are near the minimum, yet one in a thousand is a hundred times the scale: what averages hide. */
export interface LongTailLatency {
  readonly shape: "long_tail";
  readonly minMs: number;
  /** Half of all draws are within 0.6 of this above the minimum. */
  readonly scaleMs: number;
  readonly maxMs: number;
}

/** How latencies are drawn. A range is the uniform one. */
export type Latency =
  MsRange | ExponentialLatency | BimodalLatency | LongTailLatency;

/** The tail falls off with this power: the mean exists, the variance does not. */
const tailExponent = 1.5;

/** Draw a duration in milliseconds. */
export function sampleDuration(
  random: RandomProvider,
  latency: Latency,
): number {
  if (isRange(latency)) return between(latency, random.ratio());
  switch (latency.shape) {
    case "exponential":
      return latency.minMs + exponential(random, latency.meanMs);
    case "bimodal": {
      const slow = random.bool(latency.slowProbability);
      return between(slow ? latency.slowMs : latency.fastMs, random.ratio());
    }
    case "long_tail": {
      const root = Math.exp(-Math.log(1 - random.ratio()) / tailExponent);
      return Math.min(
        latency.minMs + latency.scaleMs * (root - 1),
        latency.maxMs,
      );
    }
  }
}

/** A draw whose average is `meanMs`: the pause between two strikes that do not know of each other. */
export function exponential(random: RandomProvider, meanMs: number): number {
  return -Math.log(1 - random.ratio()) * meanMs;
}

export function isRange(latency: Latency): latency is MsRange {
  return Array.isArray(latency);
}

/** Whether its numbers make sense. */
export function isLatency(latency: Latency): boolean {
  if (isRange(latency)) return isMsRange(latency);
  switch (latency.shape) {
    case "exponential":
      return isMs(latency.minMs) && isMs(latency.meanMs);
    case "bimodal":
      return (
        isMsRange(latency.fastMs) &&
        isMsRange(latency.slowMs) &&
        isProbability(latency.slowProbability)
      );
    case "long_tail":
      return isMs(latency.scaleMs) && isMsRange([latency.minMs, latency.maxMs]);
    default:
      return false;
  }
}

export function isMsRange(range: MsRange): boolean {
  const [fromMs, toMs] = range;
  return isMs(fromMs) && fromMs <= toMs && isMs(toMs);
}

export function isMs(ms: number): boolean {
  return Number.isFinite(ms) && ms >= 0;
}

export function isProbability(probability: number): boolean {
  return probability >= 0 && probability <= 1;
}

function between([fromMs, toMs]: MsRange, ratio: number): number {
  return fromMs + ratio * (toMs - fromMs);
}
