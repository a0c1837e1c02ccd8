/** Tasks of simulated processes. */
import { deferred, type Deferred } from "../base/deferred.ts";
import {
  onAbort,
  TaskError,
  type TaskHandle,
  type TaskProvider,
} from "../core/index.ts";
import { named } from "./event.ts";
import type { SimHandle } from "./handle.ts";
import { madeAt, type Inspection } from "./inventory.ts";
import { EventKind } from "./owner.ts";

/** Starts tasks in the name of one incarnation. They end with it, since nothing that they wait for settles any more. */
export class SimTaskProvider implements TaskProvider {
  readonly #handle: SimHandle;
  /** Told together when the process is asked to stop: one listener, however many tasks. */
  readonly #running = new Set<Stoppable>();
  #listening = false;

  constructor(handle: SimHandle) {
    this.#handle = handle;
  }

  spawn<T>(
    name: string,
    run: (signal: AbortSignal) => Promise<T>,
  ): TaskHandle<T> {
    this.#listen();
    const task = new SimTask<T>(name, (ended) => this.#running.delete(ended));
    this.#running.add(task);
    this.#handle.engine.origins?.keep(task);
    const { shutdown } = this.#handle.incarnation;
    if (shutdown.aborted) task.stop(shutdown.reason);
    task.follow(started(run, task.signal, this.#handle));
    return task;
  }

  yieldNow(): Promise<void> {
    const handle = this.#handle;
    if (!handle.usable) return handle.unusable();
    return new Promise<void>((resolve) => {
      handle.engine.schedule(
        0,
        handle.incarnation,
        EventKind.timer,
        wake,
        resolve,
      );
    });
  }

  defer(callback: () => void): void {
    // The promise jobs that are queued now run first, and all of them within this step.
    if (this.#handle.usable) queueMicrotask(callback);
  }

  /** Its tasks that have not ended. */
  inspect(): Inspection[] {
    const { origins } = this.#handle.engine;
    return [...this.#running].map((task) =>
      madeAt(task.inspect(), origins?.of(task)),
    );
  }

  #listen(): void {
    if (this.#listening) return;
    this.#listening = true;
    onAbort(this.#handle.incarnation.shutdown, (reason) => {
      for (const task of [...this.#running]) task.stop(reason);
    });
  }
}

interface Stoppable {
  /** Fire the task's signal; the task decides what to do about it. */
  stop(reason: unknown): void;
  inspect(): Inspection;
}

class SimTask<T> implements TaskHandle<T>, Stoppable {
  readonly name: string;
  readonly #controller = new AbortController();
  readonly #result: Deferred<T> = deferred();
  readonly #onEnd: (task: Stoppable) => void;
  #finished = false;
  #joined = false;

  constructor(name: string, onEnd: (task: Stoppable) => void) {
    this.name = name;
    this.#onEnd = onEnd;
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Its fate is that of `work`. */
  follow(work: Promise<T>): void {
    work.then(
      (value) => {
        this.#finish();
        this.#result.resolve(value);
      },
      (error: unknown) => {
        // Who ends with its own signal's reason only did as it was told.
        const { signal } = this;
        if (signal.aborted && error === signal.reason) this.#excuse();
        this.#finish();
        this.#result.reject(error);
      },
    );
  }

  stop(reason: unknown): void {
    this.#controller.abort(reason);
  }

  get finished(): boolean {
    return this.#finished;
  }

  inspect(): Inspection {
    const waits = this.#joined ? [`the end of its task "${this.name}"`] : [];
    return { holding: { kind: "task", name: this.name }, waits };
  }

  join(): Promise<T> {
    this.#joined = true;
    return this.#result.promise;
  }

  abort(reason?: unknown): void {
    if (this.#finished) return;
    this.#finish();
    this.#excuse();
    this.#result.reject(
      new TaskError(
        "aborted",
        `task "${this.name}" was aborted`,
        { task: this.name },
        { cause: reason },
      ),
    );
    this.#controller.abort(reason);
  }

  #finish(): void {
    this.#finished = true;
    this.#onEnd(this);
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

const wake = named<() => void>(
  { kind: "timer", operation: "yield" },
  (resolve) => resolve(),
);

function ignore(): void {
  // The abort was asked for.
}
