/** A real clock and real tasks for a member that will be gone. */
import type {
  SleepOptions,
  TaskHandle,
  TaskProvider,
  TimeProvider,
  Timer,
} from "../core/index.ts";
import { checkDelay, onAbort } from "../core/index.ts";
import type { Mortality } from "./mortality.ts";

/** Hands everything on; at the end all timers are cancelled, and who slept never wakes. */
export class MortalTime implements TimeProvider {
  readonly #time: TimeProvider;
  readonly #mortality: Mortality;

  constructor(time: TimeProvider, mortality: Mortality) {
    this.#time = time;
    this.#mortality = mortality;
  }

  now(): number {
    return this.#time.now();
  }

  timer(): number {
    return this.#time.timer();
  }

  wallClock(): number {
    return this.#time.wallClock();
  }

  sleep(ms: number, { signal }: SleepOptions = {}): Promise<void> {
    checkDelay(ms, "a sleep");
    return new Promise((resolve, reject) => {
      if (signal?.aborted === true) return reject(signal.reason as Error);
      const unsubscribe = onAbort(signal, (reason) => {
        timer.cancel();
        reject(reason as Error);
      });
      const timer = this.schedule(ms, () => {
        unsubscribe();
        resolve();
      });
    });
  }

  schedule(ms: number, callback: () => void): Timer {
    const timer = this.#time.schedule(ms, () => {
      forget();
      callback();
    });
    const forget = this.#mortality.atEnd(() => timer.cancel());
    if (this.#mortality.gone) timer.cancel();
    return {
      cancel: () => {
        forget();
        timer.cancel();
      },
    };
  }
}

/** Hands everything on; after the end nobody is called back. */
export class MortalTasks implements TaskProvider {
  readonly #tasks: TaskProvider;
  readonly #mortality: Mortality;

  constructor(tasks: TaskProvider, mortality: Mortality) {
    this.#tasks = tasks;
    this.#mortality = mortality;
  }

  spawn<T>(
    name: string,
    run: (signal: AbortSignal) => Promise<T>,
  ): TaskHandle<T> {
    return this.#tasks.spawn(name, run);
  }

  yieldNow(): Promise<void> {
    return this.#mortality.outlive(this.#tasks.yieldNow());
  }

  defer(callback: () => void): void {
    this.#tasks.defer(() => {
      if (!this.#mortality.gone) callback();
    });
  }
}
