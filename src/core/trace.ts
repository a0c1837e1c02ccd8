/**
 * Structured events: the one place besides user code where production and laboratory meet. Production emits, with
 * names from the contract; a laboratory, or a log, listens. Neither imports the other.
 */

/** What happened. Values are plain data: what a report can print and a test can compare. */
export type TraceFields = Readonly<
  Record<string, string | number | bigint | boolean | undefined>
>;

/** Takes events. `enabled` is false when nobody listens, so that emitters can skip the work of describing. */
export interface Trace {
  readonly enabled: boolean;
  emit(name: string, fields: TraceFields): void;
}

/** For those who do not listen. */
export const silentTrace: Trace = Object.freeze({
  enabled: false,
  emit(): void {
    // Nobody listens.
  },
});
