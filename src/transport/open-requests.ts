/** The requests of one connection that more may be heard of: that they are cancelled, or an item of theirs. */
import type { Token } from "../wire/index.ts";
import type { ReplyPromise } from "./reply-promise.ts";

/**
 * Finds a request by its reply token.
 *
 * The caller's slots are small numbers, so they are the key. Two requests may share one: a repetition of the same, or
 * the next one of a caller who did not wait for the first. Those form a chain.
 */
export class OpenRequests {
  readonly #bySlot = new Map<number, ReplyPromise>();
  #streamCount = 0;

  get size(): number {
    return this.#bySlot.size;
  }

  /** How many of them have streams. */
  get streamCount(): number {
    return this.#streamCount;
  }

  add(promise: ReplyPromise): void {
    promise.older = this.#bySlot.get(promise.d);
    this.#bySlot.set(promise.d, promise);
    if (promise.hasStreams) this.#streamCount += 1;
  }

  /** It must be here. */
  delete(promise: ReplyPromise): void {
    if (promise.hasStreams) this.#streamCount -= 1;
    const newest = this.#bySlot.get(promise.d);
    if (newest !== promise) unlink(promise, newest);
    else if (promise.older === undefined) this.#bySlot.delete(promise.d);
    else this.#bySlot.set(promise.d, promise.older);
  }

  /** The newest request with this reply token. */
  find(token: Token): ReplyPromise | undefined {
    let promise = this.#bySlot.get(token.d);
    while (promise !== undefined && !isSame(promise, token))
      promise = promise.older;
    return promise;
  }

  /** Tell all that have this reply token: the same request may have come twice. */
  cancel(token: Token): void {
    let promise = this.find(token);
    while (promise !== undefined) {
      promise.cancel();
      promise = this.find(token);
    }
  }
}

function unlink(promise: ReplyPromise, newest: ReplyPromise | undefined): void {
  let newer = newest;
  while (newer !== undefined && newer.older !== promise) newer = newer.older;
  if (newer !== undefined) newer.older = promise.older;
}

function isSame(left: Token, right: Token): boolean {
  return (
    left.c === right.c &&
    left.d === right.d &&
    left.a === right.a &&
    left.b === right.b
  );
}
