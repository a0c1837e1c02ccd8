/** Where in its story a seed is. */

/** `setup` before any fault, `chaos` while things break, `recovery` once all is healed, then `check`, then `stop`. */
export type PhaseName = "setup" | "chaos" | "recovery" | "check" | "stop";

/** The phase that a seed is in now; whoever asks keeps no copy. */
export interface CurrentPhase {
  name: PhaseName;
}

/** Whether faults have ended for good and everything is healed. */
export function isChaosOver({ name }: Readonly<CurrentPhase>): boolean {
  return name !== "setup" && name !== "chaos";
}
