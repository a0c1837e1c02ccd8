/**
 * The unit that travels on a connection.
 *
 * ```
 *  0        4        8                24
 *  ┌────────┬────────┬────────────────┬───────────── ─ ─
 *  │ length │ CRC-32C│ token          │ payload
 *  └────────┴────────┴────────────────┴───────────── ─ ─
 * ```
 *
 * All integers are little endian. `length` counts the whole frame. The checksum covers length, token and payload, so a
 * damaged length is noticed as well. The token is `UID.first`, then `UID.second`: the words b, a, d, c.
 */
import { readInt32, writeInt32 } from "./little-endian.ts";
import { WireError } from "./wire-error.ts";

/** Bytes before a frame's payload. */
export const HEADER_SIZE = 24;
/** Where the checksum lies in a frame. */
export const CHECKSUM_OFFSET = 4;
/** Where the token lies in a frame. */
export const TOKEN_OFFSET = 8;
/** The largest payload that is accepted unless configured otherwise: 1 MiB. */
export const MAX_PAYLOAD_SIZE: number = 1024 * 1024;

/** Four 32-bit words, signed or not: a `UID` is one. */
export interface Token {
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly d: number;
}

/** A token to read into, again and again. */
export type MutableToken = { -readonly [Word in keyof Token]: number };

/** Write the sixteen bytes of a token. */
export function writeToken(
  bytes: Uint8Array,
  offset: number,
  token: Token,
): void {
  writeInt32(bytes, offset, token.b);
  writeInt32(bytes, offset + 4, token.a);
  writeInt32(bytes, offset + 8, token.d);
  writeInt32(bytes, offset + 12, token.c);
}

/** Read the sixteen bytes of a token, into signed words. */
export function readToken(
  bytes: Uint8Array,
  offset: number,
  into: MutableToken,
): void {
  into.b = readInt32(bytes, offset);
  into.a = readInt32(bytes, offset + 4);
  into.d = readInt32(bytes, offset + 8);
  into.c = readInt32(bytes, offset + 12);
}

/** A frame's length, as its first four bytes say it. Throws `WireError`. */
export function readLength(
  bytes: Uint8Array,
  start: number,
  payloadSizeMax: number,
): number {
  const length = readInt32(bytes, start) >>> 0;
  if (length < HEADER_SIZE) {
    throw new WireError(
      "invalid_length",
      `a frame of ${length} bytes is shorter than its header`,
      { length },
    );
  }
  if (length - HEADER_SIZE > payloadSizeMax)
    throw tooLarge(length - HEADER_SIZE, payloadSizeMax);
  return length;
}

function tooLarge(
  size: number,
  sizeMax: number,
): WireError<"packet_too_large"> {
  const message = `a payload of ${size} bytes is above the limit of ${sizeMax}`;
  return new WireError("packet_too_large", message, { size, sizeMax });
}
