/** Ids of traces and spans from a provider's chance. */
import { hexOfBytes } from "../base/hex.ts";
import type { RandomProvider } from "../core/index.ts";

/** What the SDK calls an `IdGenerator`. */
export interface TraceIds {
  /** 32 hexadecimal digits, not all of them 0. */
  generateTraceId(): string;
  /** 16 hexadecimal digits, not all of them 0. */
  generateSpanId(): string;
}

/**
 * Ids for the SDK of a simulated process: `new BasicTracerProvider({ idGenerator: traceIds(providers.random) })`. They
 * travel with calls, so ids from the machine's own chance would make every run of a seed another one.
 */
export function traceIds(random: RandomProvider): TraceIds {
  return {
    generateTraceId: () => idOf(random, 16),
    generateSpanId: () => idOf(random, 8),
  };
}

function idOf(random: RandomProvider, length: number): string {
  const bytes = random.bytes(length);
  // An id of zeros is none.
  if (bytes.every((byte) => byte === 0)) bytes[0] = 1;
  return hexOfBytes(bytes);
}
