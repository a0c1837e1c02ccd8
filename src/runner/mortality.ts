/** The end of a member that runs on real providers: what a loss of power does to a simulated one. */

/**
 * Keeps what is to be closed at the end, and lets nothing resume after it: a process that does not look at its shutdown
 * signal would otherwise go on, and keep the program from ending.
 */
export class Mortality {
  readonly #endings = new Set<() => void>();
  #gone = false;

  get gone(): boolean {
    return this.#gone;
  }

  /** Call `close` at the end. Returns the way to take that back. */
  atEnd(close: () => void): () => void {
    this.#endings.add(close);
    return () => this.#endings.delete(close);
  }

  /** The end. */
  end(): void {
    this.#gone = true;
    for (const close of [...this.#endings]) close();
    this.#endings.clear();
  }

  /** What becomes of work: nothing more, once this is the end. */
  async outlive<T>(work: Promise<T>): Promise<T> {
    try {
      const value = await work;
      return this.#gone ? await never() : value;
    } catch (error) {
      if (this.#gone) return never();
      throw error;
    }
  }
}

/** Collected with whoever waits for it. */
function never(): Promise<never> {
  return new Promise<never>(() => undefined);
}
