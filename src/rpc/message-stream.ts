/** A stream of bytes as a stream of messages. */
import type { DescMessage, Message } from "@bufbuild/protobuf";

import type { StreamInput } from "../transport/index.ts";
import type { MessageCodec } from "./codec.ts";

/** What a stream of messages is read with. */
export interface MessageReader {
  readonly codec: MessageCodec;
  readonly schema: DescMessage;
  /** The error for a stream that broke. */
  broken(cause: unknown): Error;
  /** The error for a message that cannot be read. */
  unreadable(cause: unknown): Error;
  /** All has been read. What it throws is how the stream ends. */
  ended?(): void;
  /** The reader stops before the end. */
  left(): void;
}

/**
 * Messages in order. To be gone through once; a second loop goes on where the first one stopped. Several may be asked
 * for at once: they are answered in the order of asking, as by a generator; of those, an error is for the first, and the
 * rest are told of the end.
 */
export class MessageStream implements AsyncIterableIterator<Message> {
  readonly #items: StreamInput;
  readonly #reader: MessageReader;
  #state: "open" | "left" | "over" = "open";
  /** Those who were not yet answered: nobody overtakes them. */
  #waitingCount = 0;

  constructor(items: StreamInput, reader: MessageReader) {
    this.#items = items;
    this.#reader = reader;
  }

  next(): Promise<IteratorResult<Message>> {
    if (this.#state !== "open") return Promise.resolve(end);
    const bytes = this.#waitingCount === 0 ? this.#items.take() : undefined;
    if (bytes !== undefined) return this.#here(bytes);
    this.#waitingCount += 1;
    return this.#items.next().then(this.#came, this.#broke);
  }

  return(): Promise<IteratorResult<Message>> {
    if (this.#state === "open") {
      this.#state = "left";
      this.#reader.left();
    }
    return Promise.resolve(end);
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** An item that need not be waited for: bench row `rpc.stream`. */
  #here(bytes: Uint8Array): Promise<IteratorResult<Message>> {
    try {
      return Promise.resolve(this.#took(bytes));
    } catch (error) {
      return Promise.reject(error as Error);
    }
  }

  readonly #came = (bytes: Uint8Array | undefined): IteratorResult<Message> => {
    this.#waitingCount -= 1;
    return this.#state === "open" ? this.#took(bytes) : end;
  };

  #took(bytes: Uint8Array | undefined): IteratorResult<Message> {
    if (bytes === undefined) {
      this.#state = "over";
      this.#reader.ended?.();
      return end;
    }
    const { codec, schema } = this.#reader;
    try {
      return { done: false, value: codec.decode(schema, bytes) };
    } catch (error) {
      this.#state = "over";
      this.#items.dismiss();
      throw this.#reader.unreadable(error);
    }
  }

  readonly #broke = (cause: unknown): IteratorResult<Message> => {
    this.#waitingCount -= 1;
    if (this.#state === "over") return end;
    this.#state = "over";
    throw this.#reader.broken(cause);
  };
}

const end: IteratorReturnResult<undefined> = Object.freeze({
  done: true,
  value: undefined,
});
