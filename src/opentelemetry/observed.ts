/** A stream that somebody looks at while it is read. */

/** Told what becomes of a stream. */
export interface StreamObserver {
  /** An item was read. */
  item(): void;
  /** It is over. May be told more than once; the first time counts. */
  over(end: StreamEnd): void;
}

export type StreamEnd =
  | { readonly kind: "complete" }
  /** Its reader wanted no more. */
  | { readonly kind: "left" }
  | { readonly kind: "failed"; readonly error: unknown };

export interface ObservedStream {
  readonly source: AsyncIterable<unknown>;
  readonly observer: StreamObserver;
  /** Stands around each step of the source. */
  readonly within: <T>(work: () => T) => T;
}

/**
 * The same stream, observed. By hand rather than by a generator: one that waits for an item could not be left before
 * the item is there.
 */
export function observed({
  source,
  observer,
  within,
}: ObservedStream): AsyncIterable<never> {
  const failed = (error: unknown): never => {
    observer.over({ kind: "failed", error });
    throw error;
  };
  const open = (): AsyncIterator<never> => {
    try {
      return source[Symbol.asyncIterator]() as AsyncIterator<never>;
    } catch (error) {
      return failed(error);
    }
  };
  const begin = (): AsyncIterator<never> => {
    const iterator = open();
    return {
      async next() {
        try {
          const result = await within(() => iterator.next());
          if (result.done === true) observer.over({ kind: "complete" });
          else observer.item();
          return result;
        } catch (error) {
          return failed(error);
        }
      },
      async return() {
        observer.over({ kind: "left" });
        await within(() => iterator.return?.());
        return { done: true, value: undefined };
      },
    };
  };
  return { [Symbol.asyncIterator]: begin };
}
