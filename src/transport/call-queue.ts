/** The messages of one peer, in the order they were made. */
import type { Call } from "./call.ts";

/**
 * A doubly linked list through the calls themselves, with a cursor:
 *
 * ```
 *   sent, waiting for the reply … │ not yet sent …
 *   first                         └ cursor      last
 * ```
 *
 * A lost connection moves the cursor back to the front, so that what is still
 * wanted is sent again in the old order. Nothing is copied or allocated.
 */
export class CallQueue {
  #first: Call | undefined;
  #last: Call | undefined;
  #cursor: Call | undefined;
  #size = 0;
  #bytes = 0;

  get size(): number {
    return this.#size;
  }

  /** The bytes of all of them. */
  get bytes(): number {
    return this.#bytes;
  }

  get hasUnsent(): boolean {
    return this.#cursor !== undefined;
  }

  push(call: Call): void {
    call.before = this.#last;
    if (this.#last === undefined) this.#first = call;
    else this.#last.after = call;
    this.#last = call;
    this.#cursor ??= call;
    this.#size += 1;
    this.#bytes += call.size;
  }

  /** The next one to send. */
  get unsent(): Call | undefined {
    return this.#cursor;
  }

  /** It was sent, and waits: the next one is another. */
  sent(call: Call): void {
    this.#cursor = call.after;
  }

  remove(call: Call): void {
    if (this.#cursor === call) this.#cursor = call.after;
    if (call.before === undefined) this.#first = call.after;
    else call.before.after = call.after;
    if (call.after === undefined) this.#last = call.before;
    else call.after.before = call.before;
    call.before = undefined;
    call.after = undefined;
    this.#size -= 1;
    this.#bytes -= call.size;
  }

  /** All are to be sent again. */
  rewind(): void {
    this.#cursor = this.#first;
  }

  /** In order. The one that is being looked at may be removed. */
  *[Symbol.iterator](): IterableIterator<Call> {
    for (let call = this.#first; call !== undefined;) {
      const after: Call | undefined = call.after;
      yield call;
      call = after;
    }
  }
}
