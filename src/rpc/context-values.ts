/** Values that interceptors and handlers hand each other on one side of a call. They do not travel. */

/** Names a value, and gives it a type. Two keys are never the same, whatever they are called. */
export interface ContextKey<T> {
  /** For people. */
  readonly description: string;
  /** What is found when nothing was set. */
  readonly fallback: T;
}

/** Make a key: `const userKey = contextKey<User | undefined>("user", undefined)`. */
export function contextKey<T>(description: string, fallback: T): ContextKey<T> {
  return Object.freeze({ description, fallback });
}

/** Values by key, for one call. */
export class ContextValues {
  readonly #values = new Map<ContextKey<unknown>, unknown>();

  get<T>(key: ContextKey<T>): T {
    return this.#values.has(key) ? (this.#values.get(key) as T) : key.fallback;
  }

  set<T>(key: ContextKey<T>, value: T): this {
    this.#values.set(key, value);
    return this;
  }

  delete(key: ContextKey<unknown>): this {
    this.#values.delete(key);
    return this;
  }
}
