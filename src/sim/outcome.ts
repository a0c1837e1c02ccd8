/** What became of a promise, to be looked at from outside of any step. */
type State<T> =
  | { kind: "pending" }
  | { kind: "value"; value: T }
  | { kind: "error"; error: unknown };

export class Outcome<T> {
  #state: State<T> = { kind: "pending" };

  /** Follow what `work` returns; a throw counts as a rejection. */
  follow(work: () => Promise<T>): void {
    const started = async (): Promise<T> => work();
    started().then(
      (value) => {
        this.#state = { kind: "value", value };
      },
      (error: unknown) => {
        this.#state = { kind: "error", error };
      },
    );
  }

  get settled(): boolean {
    return this.#state.kind !== "pending";
  }

  /** The value, or the throw. Only once settled. */
  unwrap(): T {
    if (this.#state.kind === "value") return this.#state.value;
    throw this.#state.kind === "error"
      ? this.#state.error
      : new Error("the outcome is not known yet");
  }
}
