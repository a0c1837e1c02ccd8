/** What the laboratory needs of the machine it runs on. */
import { randomFillSync } from "node:crypto";

import { realImmediate, realNowMs, realWallClockMs } from "./escapes/real.ts";

/** A seed that nobody chose: a random safe integer, 0 or more. */
export function drawSeed(): number {
  const words = randomFillSync(new Uint32Array(2));
  const high = (words[0] as number) & 0x1f_ffff;
  return high * 0x1_0000_0000 + (words[1] as number);
}

/** Milliseconds since this program started, never backwards: for wall limits. */
export function hostNowMs(): number {
  return realNowMs();
}

/** Milliseconds since 1970 as this machine believes: for reports. */
export function hostWallClockMs(): number {
  return realWallClockMs();
}

/** Call back in a turn of this machine's event loop, after everything that is queued in the present one. */
export function hostImmediate(callback: () => void): void {
  realImmediate(callback);
}

/** What nobody caught or awaited, and who is told of it by default. */
const strayEvents = ["unhandledRejection", "uncaughtException"] as const;
type StrayListener = (error: unknown) => void;

/**
 * Be told of every error in this program that nobody caught, which would end it otherwise. Who was told before is set
 * aside, until the function that is returned is called.
 */
export function watchStrayErrors(
  onStray: (error: unknown) => void,
): () => void {
  const listener = (error: unknown): void => onStray(error);
  const before = strayEvents.map((event) => {
    const listeners = process.rawListeners(event) as StrayListener[];
    process.removeAllListeners(event);
    process.on(event, listener);
    return { event, listeners };
  });
  return () => {
    for (const { event, listeners } of before) {
      process.off(event, listener);
      for (const other of listeners) process.on(event, other);
    }
  };
}

/** Tell the person who is waiting something now, whatever becomes of this program. */
export function hostNotice(line: string): void {
  process.stderr.write(`${line}\n`);
}
