/** How messages become bytes. */
import {
  create,
  type DescMessage,
  fromBinary,
  fromJsonString,
  type MessageInitShape,
  type MessageShape,
  toBinary,
  toJsonString,
} from "@bufbuild/protobuf";

import { CodedError } from "../core/index.ts";

/** What each failure of a codec tells its catcher. */
export interface CodecErrorDetails {
  /** The message does not fit its schema; the `cause` says where. */
  encode: { type: string };
  /** The bytes hold no such message; the `cause` says why. */
  decode: { type: string };
}
export type CodecErrorCode = keyof CodecErrorDetails;

/** A message cannot be written or read. */
export class CodecError<
  C extends CodecErrorCode = CodecErrorCode,
> extends CodedError<CodecErrorDetails, C> {
  override readonly name = "CodecError";
}

export function isCodecError<C extends CodecErrorCode>(
  value: unknown,
  code?: C,
): value is CodecError<C> {
  return (
    value instanceof CodecError && (code === undefined || value.code === code)
  );
}

/** Turns messages into bytes and back. Both sides of a service must use the same. */
export interface MessageCodec {
  /** Throws `CodecError` when the message does not fit its schema. */
  encode<M extends DescMessage>(
    schema: M,
    message: MessageInitShape<M>,
  ): Uint8Array;
  /** Throws `CodecError` when the bytes hold no such message. The message may hold views of the bytes. */
  decode<M extends DescMessage>(schema: M, bytes: Uint8Array): MessageShape<M>;
}

/** Protobuf's binary form. Fields and values of enums that this side does not know are kept, and sent on. */
export const protobufCodec: MessageCodec = Object.freeze({
  encode<M extends DescMessage>(
    schema: M,
    message: MessageInitShape<M>,
  ): Uint8Array {
    try {
      return toBinary(schema, create(schema, message));
    } catch (error) {
      throw unwritable(schema, error);
    }
  },
  decode<M extends DescMessage>(schema: M, bytes: Uint8Array): MessageShape<M> {
    try {
      return fromBinary(schema, bytes);
    } catch (error) {
      throw unreadable(schema, error);
    }
  },
});

/**
 * Protobuf's JSON form, as UTF-8: for eyes and for other languages' tools. Fields and values of enums that this side
 * does not know are dropped, so contracts may grow; but what passes through an older process on its way arrives without
 * them.
 */
export class JsonCodec implements MessageCodec {
  encode<M extends DescMessage>(
    schema: M,
    message: MessageInitShape<M>,
  ): Uint8Array {
    try {
      return utf8.encode(toJsonString(schema, create(schema, message)));
    } catch (error) {
      throw unwritable(schema, error);
    }
  }

  decode<M extends DescMessage>(schema: M, bytes: Uint8Array): MessageShape<M> {
    try {
      const options = { ignoreUnknownFields: true };
      return fromJsonString(schema, strictUtf8.decode(bytes), options);
    } catch (error) {
      throw unreadable(schema, error);
    }
  }
}

function unwritable(
  { typeName: type }: DescMessage,
  cause: unknown,
): CodecError<"encode"> {
  const message = `no ${type} can be made of it: ${textOf(cause)}`;
  return new CodecError("encode", message, { type }, { cause });
}

function unreadable(
  { typeName: type }: DescMessage,
  cause: unknown,
): CodecError<"decode"> {
  const message = `the bytes hold no ${type}: ${textOf(cause)}`;
  return new CodecError("decode", message, { type }, { cause });
}

function textOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}

const utf8 = new TextEncoder();
const strictUtf8 = new TextDecoder("utf-8", { fatal: true });
