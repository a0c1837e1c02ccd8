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

import { thrownText } from "../base/shown.ts";
import { CodedError } from "../core/index.ts";
import { PlainReader } from "./plain/plain-reader.ts";
import { PlainWriter } from "./plain/plain-writer.ts";
import { PlainShapes } from "./plain/shape.ts";

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
  /** Throws `CodecError` when the message does not fit its schema. The bytes may share their buffer with others. */
  encode<M extends DescMessage>(
    schema: M,
    message: MessageInitShape<M>,
  ): Uint8Array;
  /** Throws `CodecError` when the bytes hold no such message. The message may hold views of the bytes. */
  decode<M extends DescMessage>(schema: M, bytes: Uint8Array): MessageShape<M>;
}

/**
 * Protobuf's binary form. What most messages are made of is written and read by ourselves, which takes a fraction of
 * the time; everything else, and whatever is odd or wrong, by protobuf-es. Fields and values of enums that this side
 * does not know are kept, and sent on.
 */
export const protobufCodec: MessageCodec = Object.freeze({
  encode<M extends DescMessage>(
    schema: M,
    message: MessageInitShape<M>,
  ): Uint8Array {
    try {
      return (
        plainWriter.write(schema, message) ??
        toBinary(schema, create(schema, message))
      );
    } catch (error) {
      throw unwritable(schema, error);
    }
  },
  decode<M extends DescMessage>(schema: M, bytes: Uint8Array): MessageShape<M> {
    try {
      const plain = plainReader.read(schema, bytes);
      return plain === undefined
        ? fromBinary(schema, bytes)
        : (plain as MessageShape<M>);
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
  return cause instanceof Error ? cause.message : thrownText(cause);
}

const plainShapes = new PlainShapes();
const plainWriter = new PlainWriter(plainShapes);
const plainReader = new PlainReader(plainShapes);
const utf8 = new TextEncoder();
const strictUtf8 = new TextDecoder("utf-8", { fatal: true });
