/**
 * Assertions and `buggify`: what application code says to the laboratory, and what costs nothing when none listens.
 *
 * Imports nothing. Start with `assert.ts`; `table.ts` is where a laboratory hooks in.
 */
export * from "./assert.ts";
export * from "./buggify.ts";
export * from "./knob.ts";
export {
  listenToAssertions,
  type AssertionDetails,
  type AssertionKind,
  type AssertionListener,
  type KnobRange,
} from "./table.ts";
