/** Clocks of simulated processes: one virtual time, seen through each machine's own drift. */
import {
  checkDelay,
  onAbort,
  type SleepOptions,
  type TimeProvider,
  type Timer,
} from "../core/index.ts";
import { worldEpochMs, type MachineClock } from "./clock.ts";
import type { Engine } from "./engine.ts";
import { named } from "./event.ts";
import type { Action, EventHandle } from "./event-queue.ts";
import { EventKind } from "./owner.ts";
import type { SimHandle } from "./handle.ts";

const microsPerMs = 1_000;

/** Whole microseconds, never fewer than asked for: whoever asks for a moment more gets one. */
export function toMicros(ms: number): number {
  return Math.ceil(ms * microsPerMs);
}

/** Virtual time for one incarnation. */
export class SimTimeProvider implements TimeProvider {
  readonly #handle: SimHandle;
  readonly #clock: MachineClock | undefined;
  #driftedMs = 0;

  /** @param clock the machine's; without one time is exact, as for those who act upon the world. */
  constructor(handle: SimHandle, clock?: MachineClock) {
    this.#handle = handle;
    this.#clock = clock;
  }

  now(): number {
    return this.#handle.engine.nowMicros / microsPerMs;
  }

  /**
   * After FoundationDB's `timer`: each look may move it up to half of the way to the farthest it may be ahead. It has no
   * rate error and no steps, which are the wall clock's: whoever measures with it is at most so far off, for ever.
   */
  timer(): number {
    const nowMs = this.now();
    const driftMaxMs = this.#clock?.driftMaxMs ?? 0;
    // Where it ran ahead it waits, and never goes back.
    if (driftMaxMs > 0) {
      const room = nowMs + driftMaxMs - this.#driftedMs;
      if (room > 0) this.#driftedMs += (this.#handle.random.ratio() * room) / 2;
    }
    this.#driftedMs = Math.max(this.#driftedMs, nowMs);
    return this.#driftedMs;
  }

  wallClock(): number {
    return this.#clock?.wallMs() ?? worldEpochMs + this.now();
  }

  sleep(ms: number, options?: SleepOptions): Promise<void> {
    checkDelay(ms, "a sleep");
    const handle = this.#handle;
    if (!handle.usable) return handle.unusable();
    const signal = options?.signal;
    if (signal !== undefined) return this.#sleepWithSignal(ms, signal);
    return new Promise<void>((resolve) => {
      handle.engine.origins?.keep(resolve);
      handle.engine.schedule(
        this.#micros(ms),
        handle.incarnation,
        EventKind.timer,
        wake,
        resolve,
      );
    });
  }

  schedule(ms: number, callback: () => void): Timer {
    checkDelay(ms, "a timer's delay");
    if (!this.#handle.usable) return this.#handle.inertTimer();
    return this.#timer(ms, runTimer, callback);
  }

  #timer(ms: number, action: Action<Callback>, callback: Callback): Timer {
    const { engine, incarnation } = this.#handle;
    engine.origins?.keep(callback);
    return new SimTimer(
      engine,
      engine.schedule(
        this.#micros(ms),
        incarnation,
        EventKind.timer,
        action,
        callback,
      ),
    );
  }

  #sleepWithSignal(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise<void>((resolve, reject) => {
      if (signal.aborted) {
        reject(signal.reason as Error);
        return;
      }
      const timer = this.#timer(ms, wake, () => {
        unsubscribe();
        resolve();
      });
      const unsubscribe = onAbort(signal, (reason) => {
        timer.cancel();
        reject(reason as Error);
      });
    });
  }

  #micros(ms: number): number {
    const clock = this.#clock;
    return toMicros(clock === undefined ? ms : ms + clock.latenessMs());
  }
}

class SimTimer implements Timer {
  readonly #engine: Engine;
  readonly #event: EventHandle;

  constructor(engine: Engine, event: EventHandle) {
    this.#engine = engine;
    this.#event = event;
  }

  cancel(): void {
    this.#engine.cancel(this.#event);
  }
}

type Callback = () => void;

const wake = named<Callback>({ kind: "timer", operation: "sleep" }, (resolve) =>
  resolve(),
);
const runTimer = named<Callback>(
  { kind: "timer", operation: "callback" },
  (callback) => callback(),
);
