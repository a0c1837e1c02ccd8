/** Tasks of simulated processes. */
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
  readonly #result: Promise<T>;
  #rejectJoin: ((error: unknown) => void) | undefined;

  constructor(name: string, run: (signal: AbortSignal) => Promise<T>, handle: SimHandle) {
    this.name = name;
    const unsubscribe = onAbort(handle.incarnation.shutdown, (reason) => this.#controller.abort(reason));
    this.#result = new Promise<T>((resolve, reject) => {
      this.#rejectJoin = reject;
      const settle =
        <V>(how: (value: V) => void) =>
        (value: V): void => {
          unsubscribe();
          this.#rejectJoin = undefined;
          how(value);
        };
      started(run, this.#controller.signal, handle).then(settle(resolve), settle(reject));
    });
  }

  get finished(): boolean {
    return this.#rejectJoin === undefined;
  }

  join(): Promise<T> {
    return this.#result;
  }

  abort(reason?: unknown): void {
    const reject = this.#rejectJoin;
    if (reject === undefined) return;
    this.#rejectJoin = undefined;
    reject(new TaskError("aborted", `task "${this.name}" was aborted`, { task: this.name }, { cause: reason }));
    // An aborted task is nobody's crash, whether or not somebody joins it.
    this.#result.catch(ignore);
    this.#controller.abort(reason);
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
