/** One frame at a time, for tools and tests. What is sent and received for real goes through `FrameWriter` and `FrameReader`. */
import { concatBytes } from "../base/bytes.ts";
import { UID } from "../core/index.ts";
import {
  CHECKSUM_OFFSET,
  HEADER_SIZE,
  MAX_PAYLOAD_SIZE,
  readLength,
  readToken,
  type Token,
  TOKEN_OFFSET,
} from "./frame.ts";
import { FrameReader } from "./frame-reader.ts";
import { FrameWriter } from "./frame-writer.ts";
import { readInt32 } from "./little-endian.ts";
import { WireError } from "./wire-error.ts";

/** What the first `HEADER_SIZE` bytes of a frame say. */
export interface PacketHeader {
  /** Bytes of the whole frame, its header included. */
  readonly length: number;
  /** CRC-32C of length, token and payload, unsigned. */
  readonly checksum: number;
  /** The endpoint that the frame is for. */
  readonly token: UID;
}

/** A frame, taken apart. */
export interface Packet {
  readonly header: PacketHeader;
  /** A view of the bytes that were read. */
  readonly payload: Uint8Array;
}

/** One whole frame, as bytes of its own. Throws `WireError` `packet_too_large` above `MAX_PAYLOAD_SIZE`. */
export function serializePacket(token: Token, payload: Uint8Array): Uint8Array {
  const size = payload.length;
  if (size > MAX_PAYLOAD_SIZE) {
    throw new WireError(
      "packet_too_large",
      `a payload of ${size} bytes is above the limit of ${MAX_PAYLOAD_SIZE}`,
      { size, sizeMax: MAX_PAYLOAD_SIZE },
    );
  }
  const writer = new FrameWriter();
  writer.begin(token, 0, payload);
  writer.finish();
  return concatBytes(writer.take());
}

/**
 * The frame at the start of these bytes; what follows is left alone, and begins at `header.length`. Throws `WireError`:
 * `insufficient_data` when the bytes end before the frame does.
 */
export function deserializePacket(bytes: Uint8Array): Packet {
  const packet = tryDeserializePacket(bytes);
  if (packet !== undefined) return packet;
  const available = bytes.length;
  const needed =
    available < 4 ? HEADER_SIZE : readLength(bytes, 0, MAX_PAYLOAD_SIZE);
  throw new WireError(
    "insufficient_data",
    `${available} bytes are no whole frame: it takes ${needed}`,
    { needed, available },
  );
}

/** As `deserializePacket`, but `undefined` when the bytes end before the frame does: read more, and try again. */
export function tryDeserializePacket(bytes: Uint8Array): Packet | undefined {
  if (bytes.length < 4) return undefined;
  const length = readLength(bytes, 0, MAX_PAYLOAD_SIZE);
  if (bytes.length < length) return undefined;
  let packet: Packet | undefined;
  new FrameReader().push(bytes.subarray(0, length), {
    frame: (whole, start, end) => (packet = packetAt(whole, start, end)),
  });
  return packet;
}

function packetAt(bytes: Uint8Array, start: number, end: number): Packet {
  const words = { a: 0, b: 0, c: 0, d: 0 };
  readToken(bytes, start + TOKEN_OFFSET, words);
  const header = {
    length: end - start,
    checksum: readInt32(bytes, start + CHECKSUM_OFFSET) >>> 0,
    token: new UID(words.a, words.b, words.c, words.d),
  };
  return { header, payload: bytes.subarray(start + HEADER_SIZE, end) };
}
