/**
 * Settling: after every event, run all promise jobs and ticks that it caused, to the last one, before the next event.
 *
 * This is the one file of the laboratory that touches Node's event loop. `process._tickCallback()` does the job
 * synchronously, in about a fifth of a microsecond, but it is undocumented, so it is probed before every slice, and
 * where it does not work one turn of the event loop per step does the same.
 */
import { hostImmediate } from "../node/index.ts";

/** How promise jobs are drained between two events. */
export type Settling = "tick" | "barrier";

interface Process {
  _tickCallback?: () => void;
}

const tickCallback: (() => void) | undefined = (
  process as unknown as Process
)._tickCallback?.bind(process);

/** Run every pending tick and promise job, and those that they cause. Only from a macrotask: elsewhere it does nothing. */
export function settleNow(): void {
  tickCallback?.();
}

/** Whether `settleNow` works here and now: a probe job must have run when it returns. */
export function canSettleNow(): boolean {
  let settled = false;
  queueMicrotask(() => {
    settled = true;
  });
  settleNow();
  return settled;
}

/**
 * Run `slice` as a macrotask of its own and hand over what it returns. What it caused has settled when the next one
 * begins: slower than `settleNow`, and available everywhere. `settled` is called then, before anything else has its turn.
 */
export function asMacrotask<T>(
  slice: () => T,
  settled?: () => void,
): Promise<T> {
  return new Promise((resolve, reject) => {
    hostImmediate(() => {
      try {
        resolve(slice());
      } catch (error) {
        reject(error as Error);
      }
    });
    // Immediates that were set together run together, with nothing in between but what the first one caused.
    if (settled !== undefined) hostImmediate(settled);
  });
}

/** Call back in a macrotask. */
export function inMacrotask(callback: () => void): void {
  hostImmediate(callback);
}

type Listener = (...parameters: unknown[]) => void;
const guarded = [
  "unhandledRejection",
  "uncaughtException",
  "rejectionHandled",
] as const;

/**
 * While a world steps, whatever is thrown into the void is its own: throws in promise jobs, ticks, immediates and event
 * listeners, and rejections that nobody handles. Other listeners (a test runner's) are set aside and put back.
 */
export class Guard {
  readonly #onError: (error: unknown) => void;
  #setAside: [event: string, listener: Listener][] = [];
  #nextTick = process.nextTick;
  #captures = false;

  constructor(onError: (error: unknown) => void) {
    this.#onError = onError;
  }

  install(): void {
    for (const event of guarded) {
      // The raw ones, so that a listener for one event stays one.
      for (const listener of process.rawListeners(event) as Listener[]) {
        this.#setAside.push([event, listener]);
      }
      process.removeAllListeners(event);
    }
    process.on("unhandledRejection", this.#onError);
    process.on("uncaughtException", this.#onError);
    process.on("rejectionHandled", ignore);
    // The capture callback outranks domains and inspectors; where somebody holds it, the listener above must do.
    this.#captures = !process.hasUncaughtExceptionCaptureCallback();
    if (this.#captures)
      process.setUncaughtExceptionCaptureCallback(this.#onError);
    this.#wrapNextTick();
  }

  remove(): void {
    process.nextTick = this.#nextTick;
    if (this.#captures) process.setUncaughtExceptionCaptureCallback(null);
    for (const event of guarded) process.removeAllListeners(event);
    for (const [event, listener] of this.#setAside) process.on(event, listener);
    this.#setAside = [];
  }

  /** A throw that leaves a tick also leaves `_tickCallback`, and Node aborts for it; so none may leave. */
  #wrapNextTick(): void {
    const nextTick = process.nextTick;
    const onError = this.#onError;
    this.#nextTick = nextTick;
    process.nextTick = (callback: Listener, ...parameters: unknown[]): void => {
      nextTick(() => {
        try {
          callback(...parameters);
        } catch (error) {
          onError(error);
        }
      });
    };
  }
}

function ignore(): void {
  // A rejection that is handled late was reported when it was not handled.
}
