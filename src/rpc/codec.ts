/** How messages become bytes. */
import {
  create,
  type DescMessage,
  fromBinary,
  type MessageInitShape,
  type MessageShape,
  toBinary,
} from "@bufbuild/protobuf";

/** Turns messages into bytes and back. Both sides of a service must use the same. */
export interface MessageCodec {
  /** Throws when the message does not fit its schema. */
  encode<M extends DescMessage>(
    schema: M,
    message: MessageInitShape<M>,
  ): Uint8Array;
  /** Throws when the bytes hold no such message. The message may hold views of the bytes. */
  decode<M extends DescMessage>(schema: M, bytes: Uint8Array): MessageShape<M>;
}

/** Protobuf's binary form. Fields that this side does not know are kept. */
export const protobufCodec: MessageCodec = Object.freeze({
  encode<M extends DescMessage>(
    schema: M,
    message: MessageInitShape<M>,
  ): Uint8Array {
    return toBinary(schema, create(schema, message));
  },
  decode<M extends DescMessage>(schema: M, bytes: Uint8Array): MessageShape<M> {
    return fromBinary(schema, bytes);
  },
});
