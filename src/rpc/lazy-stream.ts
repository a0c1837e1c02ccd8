/** Streams that begin when somebody reads them. */

/** Made when it is first asked for an item. To be gone through once; a second loop goes on where the first one stopped. */
export class LazyStream implements AsyncIterableIterator<unknown> {
  readonly #make: () => AsyncIterator<unknown>;
  #made: AsyncIterator<unknown> | undefined;
  #isOver = false;

  constructor(make: () => AsyncIterator<unknown>) {
    this.#make = make;
  }

  next(): Promise<IteratorResult<unknown>> {
    if (this.#isOver) return Promise.resolve(end);
    try {
      this.#made ??= this.#make();
    } catch (error) {
      this.#isOver = true;
      return Promise.reject(error as Error);
    }
    return this.#made.next();
  }

  async return(): Promise<IteratorResult<unknown>> {
    this.#isOver = true;
    await this.#made?.return?.();
    return end;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}

/** The stream that a promise brings. No generator, which would not let anybody leave while it waits for an item. */
export class PromisedStream implements AsyncIterator<unknown> {
  readonly #made: Promise<AsyncIterator<unknown>>;

  constructor(stream: Promise<AsyncIterable<unknown>>) {
    this.#made = stream.then((made) => made[Symbol.asyncIterator]());
  }

  async next(): Promise<IteratorResult<unknown>> {
    return (await this.#made).next();
  }

  async return(): Promise<IteratorResult<unknown>> {
    await (await this.#made).return?.();
    return end;
  }
}

const end: IteratorReturnResult<undefined> = Object.freeze({
  done: true,
  value: undefined,
});
