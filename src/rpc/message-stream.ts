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
  /** The reader stops before the end. */
  left(): void;
}

/** Messages in order. To be gone through once; a second loop goes on where the first one stopped. */
export class MessageStream implements AsyncIterableIterator<Message> {
  readonly #items: StreamInput;
  readonly #reader: MessageReader;
  #done = false;

  constructor(items: StreamInput, reader: MessageReader) {
    this.#items = items;
    this.#reader = reader;
  }

  next(): Promise<IteratorResult<Message>> {
    if (this.#done) return Promise.resolve(end);
    const bytes = this.#items.take();
    return bytes === undefined
      ? this.#items.next().then(this.#took, this.#broke)
      : this.#here(bytes);
  }

  return(): Promise<IteratorResult<Message>> {
    if (!this.#done) {
      this.#done = true;
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

  readonly #took = (bytes: Uint8Array | undefined): IteratorResult<Message> => {
    if (bytes === undefined) {
      this.#done = true;
      return end;
    }
    const { codec, schema } = this.#reader;
    try {
      return { done: false, value: codec.decode(schema, bytes) };
    } catch (error) {
      this.#done = true;
      throw this.#reader.unreadable(error);
    }
  };

  readonly #broke = (cause: unknown): never => {
    this.#done = true;
    throw this.#reader.broken(cause);
  };
}

const end: IteratorReturnResult<undefined> = Object.freeze({
  done: true,
  value: undefined,
});
