/** Work that goes on beside the caller, owned by the process that started it. */

/** A task that was started. */
export interface TaskHandle<T> {
  readonly name: string;
  /** Whether it has ended, by returning, throwing or being aborted. */
  readonly finished: boolean;
  /** Wait for the result. Rejects with what the task threw, or with `TaskError` `aborted`. */
  join(): Promise<T>;
  /** Fire the task's signal. `join()` rejects at once; the task itself should notice its signal and end. */
  abort(reason?: unknown): void;
}

/**
 * Starts tasks. A task that throws, and that nobody joins, is an error of the whole process, as in Node; unless it was
 * aborted, or what it throws is the reason of its own signal: then it only did as it was told.
 */
export interface TaskProvider {
  /** Start `run` now. Its signal fires on `abort()` and when the process is asked to stop. */
  spawn<T>(
    name: string,
    run: (signal: AbortSignal) => Promise<T>,
  ): TaskHandle<T>;
  /** Let everything else that is ready go first. */
  yieldNow(): Promise<void>;
  /**
   * Run `callback` once, after whatever is ready now: the place to send in one piece what was gathered in many.
   * It must not throw.
   */
  defer(callback: () => void): void;
}
