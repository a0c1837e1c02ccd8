/** One task on Node's event loop. */
import { deferred } from "../base/deferred.ts";
import { TaskError, type TaskHandle } from "../core/index.ts";

/**
 * A task and its outcome. The outcome is settled once, by whichever comes
 * first: the end of the work, or `abort()`.
 */
export class NodeTask<T> implements TaskHandle<T> {
  readonly name: string;
  readonly #controller = new AbortController();
  readonly #outcome = deferred<T>();
  readonly #onFinish: () => void;
  #finished = false;

  /** `onFinish` is called once, at the moment the outcome is known. */
  constructor(name: string, onFinish: () => void) {
    this.name = name;
    this.#onFinish = onFinish;
  }

  get finished(): boolean {
    return this.#finished;
  }

  join(): Promise<T> {
    return this.#outcome.promise;
  }

  abort(reason?: unknown): void {
    if (this.#finished) return;
    const text = `the task "${this.name}" was aborted`;
    const error = new TaskError(
      "aborted",
      text,
      { task: this.name },
      reason === undefined ? undefined : { cause: reason },
    );
    this.#fail(error, "expected");
    this.stop(reason ?? error);
  }

  /** Fire the task's signal and leave it to the task to end. */
  stop(reason: unknown): void {
    this.#controller.abort(reason);
  }

  /** Do the work. A synchronous throw counts as the task's failure. */
  start(run: (signal: AbortSignal) => Promise<T>): void {
    const { signal } = this.#controller;
    const failed = (error: unknown): void => {
      const obeyed = signal.aborted && error === signal.reason;
      this.#fail(error, obeyed ? "expected" : "surprising");
    };
    try {
      run(signal).then((value) => this.#succeed(value), failed);
    } catch (error) {
      failed(error);
    }
  }

  #succeed(value: T): void {
    if (this.#finished) return;
    this.#finish();
    this.#outcome.resolve(value);
  }

  #fail(error: unknown, kind: "expected" | "surprising"): void {
    if (this.#finished) return;
    this.#finish();
    if (kind === "expected") this.#outcome.promise.catch(ignore);
    this.#outcome.reject(error);
  }

  #finish(): void {
    this.#finished = true;
    this.#onFinish();
  }
}

function ignore(): void {
  // Whoever joins hears of it; if nobody does, nothing went wrong.
}
