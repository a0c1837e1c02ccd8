/** What is given as a message, looked at before it is written. */
import type { DescMessage, MessageInitShape } from "@bufbuild/protobuf";

import { checkBytes } from "../base/bytes.ts";
import { shown } from "../base/shown.ts";
import type { MessageCodec } from "./codec.ts";

/** Whose message it is. */
interface Sender {
  readonly codec: MessageCodec;
  /** `bank.v1.BankService.Transfer` */
  readonly fullName: string;
}

/**
 * Write a message; `undefined` is an empty one. Throws `TypeError` for what is no object, of which codecs would make an
 * empty message, and what the codec throws.
 */
export function encodeMessage(
  { codec, fullName }: Sender,
  schema: DescMessage,
  message: unknown,
): Uint8Array {
  if (message === undefined) return bytesOf(codec.encode(schema, {}));
  if (typeof message !== "object" || message === null || Array.isArray(message))
    throw new TypeError(
      `${fullName}: ${shown(message)} is no ${schema.typeName}: a message is an object of its fields`,
    );
  return bytesOf(
    codec.encode(schema, message as MessageInitShape<DescMessage>),
  );
}

/** A codec of one's own may answer with anything. */
function bytesOf(encoded: Uint8Array): Uint8Array {
  checkBytes("what a codec makes of a message", encoded);
  return encoded;
}

/** Throws `TypeError` for what is no stream of messages. */
export function checkStream(
  stream: unknown,
  what: string,
): asserts stream is AsyncIterable<unknown> {
  const { [Symbol.asyncIterator]: iterate } = Object(stream) as Partial<
    AsyncIterable<unknown>
  >;
  if (typeof iterate !== "function")
    throw new TypeError(
      `${what} must be an AsyncIterable, as an async generator makes it, not ${shown(stream)}`,
    );
}
