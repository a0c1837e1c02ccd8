/** Tasks of simulated processes. */
import { deferred, type Deferred } from "../base/deferred.ts";
import { onAbort, TaskError, type TaskHandle, type TaskProvider } from "../core/index.ts";
import type { SimHandle } from "./handle.ts";
import { EventKind } from "./owner.ts";

/** Starts tasks in the name of one incarnation. They end with it, since nothing that they wait for settles any more. */
export class SimTaskProvider implements TaskProvider {
  readonly #handle: SimHandle;

  constructor(handle: SimHandle) {
    this.#handle = handle;
  }

  spawn<T>(name: string, run: (signal: AbortSignal) => Promise<T>): TaskHandle<T> {
    return new SimTask(name, run, this.#handle);
  }

  yieldNow(): Promise<void> {
    const handle = this.#handle;
    if (!handle.usable) return handle.unusable();
    return new Promise<void>((resolve) => {
      handle.engine.schedule(0, handle.incarnation, EventKind.timer, wake, resolve);
    });
  }

  defer(callback: () => void): void {
    // The promise jobs that are queued now run first, and all of them within this step.
    if (this.#handle.usable) queueMicrotask(callback);
  }
}

class SimTask<T> implements TaskHandle<T> {
  readonly name: string;
  readonly #controller = new AbortController();
  readonly #result: Deferred<T> = deferred();
  readonly #unsubscribe: () => void;
  #finished = false;

  constructor(name: string, run: (signal: AbortSignal) => Promise<T>, handle: SimHandle) {
    this.name = name;
    const { signal } = this.#controller;
    this.#unsubscribe = onAbort(handle.incarnation.shutdown, (reason) => this.#controller.abort(reason));
    started(run, signal, handle).then(
      (value) => {
        this.#finish();
        this.#result.resolve(value);
      },
      (error: unknown) => {
        // Who ends with its own signal's reason only did as it was told.
        if (signal.aborted && error === signal.reason) this.#excuse();
        this.#finish();
        this.#result.reject(error);
      },
    );
  }

  get finished(): boolean {
    return this.#finished;
  }

  join(): Promise<T> {
    return this.#result.promise;
  }

  abort(reason?: unknown): void {
    if (this.#finished) return;
    this.#finish();
    this.#excuse();
    this.#result.reject(
      new TaskError("aborted", `task "${this.name}" was aborted`, { task: this.name }, { cause: reason }),
    );
    this.#controller.abort(reason);
  }

  #finish(): void {
    this.#finished = true;
    this.#unsubscribe();
  }

  /** Its rejection is nobody's crash, whether or not somebody joins it. */
  #excuse(): void {
    this.#result.promise.catch(ignore);
  }
}

/** Begin at once; a throw before the first `await` is a rejection like any other. */
async function started<T>(
  run: (signal: AbortSignal) => Promise<T>,
  signal: AbortSignal,
  handle: SimHandle,
): Promise<T> {
  return handle.usable ? run(signal) : handle.unusable();
}

function wake(resolve: () => void): void {
  resolve();
}

function ignore(): void {
  // The abort was asked for.
}
