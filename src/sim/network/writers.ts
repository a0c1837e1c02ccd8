/** Those who wait for room in a pipe. */

interface Writer {
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

export class Writers {
  #waiting: Writer[] = [];

  get waiting(): boolean {
    return this.#waiting.length > 0;
  }

  wait(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
    });
  }

  letGo(): void {
    for (const writer of this.forget()) writer.resolve();
  }

  fail(error: Error): void {
    for (const writer of this.forget()) writer.reject(error);
  }

  /** Drop them, unsettled. */
  forget(): readonly Writer[] {
    const forgotten = this.#waiting;
    this.#waiting = [];
    return forgotten;
  }
}
