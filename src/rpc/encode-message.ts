/** What is given as a message, looked at before it is written. */
import type { DescMessage, MessageInitShape } from "@bufbuild/protobuf";

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
  const given = message ?? (message === undefined ? {} : message);
  if (typeof given !== "object" || given === null || Array.isArray(given))
    throw new TypeError(
      `${fullName}: ${nameOf(given)} is no ${schema.typeName}: a message is an object of its fields`,
    );
  return codec.encode(schema, given as MessageInitShape<DescMessage>);
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
      `${what} must be an AsyncIterable, as an async generator makes it, not ${nameOf(stream)}`,
    );
}

/** A value in words: short ones themselves, and what kind of thing others are. */
function nameOf(value: unknown): string {
  if (typeof value === "string")
    return value.length <= textLengthMax
      ? JSON.stringify(value)
      : `a text of ${value.length} characters`;
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (typeof value === "function") return "a function";
  return typeof value === "object" && value !== null
    ? "an object"
    : String(value);
}

const textLengthMax = 40;
