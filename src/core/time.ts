/** The clock that application code is given. All times are milliseconds, with fractions down to a microsecond. */
import { TimeError } from "./errors.ts";

/** A pending callback. */
export interface Timer {
  /** Make sure that the callback never runs. Harmless when it already has. */
  cancel(): void;
}

export interface SleepOptions {
  /** Ends the wait early: the sleep rejects with the signal's reason and leaves no timer behind. */
  signal?: AbortSignal | undefined;
}

/** Time as a process sees it. In production the real thing; in simulation it jumps from event to event. */
export interface TimeProvider {
  /** Milliseconds since some fixed moment, never backwards. Use it to measure durations. */
  now(): number;
  /**
   * A clock that may run ahead of `now()`, never behind it, and never backwards: what two machines that agree only
   * roughly would read. Use it where a lease or a time-out must survive clocks that disagree.
   */
  timer(): number;
  /** Milliseconds since 1970 as this machine believes. May jump either way. For people and logs, not for durations. */
  wallClock(): number;
  /** Resolve after `ms`, never early. The time counts from the call, not from the `await`. */
  sleep(ms: number, options?: SleepOptions): Promise<void>;
  /** Run `callback` after `ms`, never early, unless cancelled. The cheap form, for those who keep their own waits. */
  schedule(ms: number, callback: () => void): Timer;
}

/** Refuse what is not a length of time. Shared by every clock, so that all refuse the same. */
export function checkDelay(ms: number, what: string): void {
  if (Number.isFinite(ms) && ms >= 0) return;
  throw new RangeError(
    `${what} must be a finite number of milliseconds, 0 or more, not ${ms}`,
  );
}

/**
 * Give `work` at most `ms` on the provider's clock. Its signal fires when time is up, and the call rejects with
 * `TimeError` `elapsed`; whoever loses the race is unsubscribed, so nothing lingers.
 */
export function timeout<T>(
  time: TimeProvider,
  ms: number,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const controller = new AbortController();
    const timer = time.schedule(ms, () => {
      const error = new TimeError(
        "elapsed",
        `the work took longer than ${ms} ms`,
        { timeoutMs: ms },
      );
      reject(error);
      controller.abort(error);
    });
    const settle =
      <V>(how: (value: V) => void) =>
      (value: V): void => {
        timer.cancel();
        how(value);
      };
    try {
      work(controller.signal).then(settle(resolve), settle(reject));
    } catch (error) {
      settle(reject)(error);
    }
  });
}
