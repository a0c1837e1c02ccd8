/** Tasks as promises on Node's event loop. */
import type { TaskHandle, TaskProvider } from "../core/index.ts";
import { NodeTask } from "./task.ts";

/** What a running task is to those who stop it. */
interface Stoppable {
  stop(reason: unknown): void;
}

/**
 * Starts tasks in this program.
 *
 * Invariants
 * 1. Every task that has not finished hears of the stop, and holds no listener
 *    of its own on the stop signal.
 * 2. However many callbacks are deferred in one turn, one immediate runs them.
 */
export class NodeTaskProvider implements TaskProvider {
  readonly #stop: AbortSignal | undefined;
  readonly #running = new Set<Stoppable>();
  #deferred: (() => void)[] = [];

  /** `stop` fires when the process is asked to stop. */
  constructor(stop?: AbortSignal) {
    this.#stop = stop;
    stop?.addEventListener("abort", this.#stopAll, { once: true });
  }

  /**
   * Start `run` now, before `spawn` returns. A task that throws and is not
   * joined is an unhandled rejection, which ends the process by default;
   * ending with the reason of its own signal is no such failure.
   */
  spawn<T>(
    name: string,
    run: (signal: AbortSignal) => Promise<T>,
  ): TaskHandle<T> {
    const task: NodeTask<T> = new NodeTask<T>(name, () =>
      this.#running.delete(task),
    );
    this.#running.add(task);
    if (this.#stop?.aborted === true) task.stop(this.#stop.reason);
    task.start(run);
    return task;
  }

  yieldNow(): Promise<void> {
    return new Promise(this.#deferBound);
  }

  defer(callback: () => void): void {
    if (this.#deferred.push(callback) === 1) setImmediate(this.#runDeferred);
  }

  readonly #deferBound = (callback: () => void): void => this.defer(callback);

  readonly #stopAll = (): void => {
    for (const task of this.#running) task.stop(this.#stop?.reason);
  };

  /** What is deferred meanwhile goes into the next batch, so I/O has its turn. */
  readonly #runDeferred = (): void => {
    const batch = this.#deferred;
    this.#deferred = [];
    let doneCount = 0;
    try {
      for (const callback of batch) {
        doneCount += 1;
        callback();
      }
    } finally {
      // Only a callback that threw leaves a rest. It must not cost the others.
      for (const callback of batch.slice(doneCount)) this.defer(callback);
    }
  };
}
