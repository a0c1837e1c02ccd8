/** Numbers and values as people read them. */
import { describeError } from "./failure.ts";

/** JSON, with big integers as text. What JSON refuses must not keep a failure from being told. */
export function plainText(value: unknown): string {
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
