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
 * All integers are little endian. `length` counts the whole frame. The checksum
 * covers length, token and payload, so a damaged length is noticed as well. The
 * token is `UID.first`, then `UID.second`: the words b, a, d, c.
 */
import { crc32c, crc32cScript } from "./crc32c.ts";
import { readInt32, writeInt32 } from "./little-endian.ts";
import { WireError } from "./wire-error.ts";

/** Bytes before a frame's payload. */
export const HEADER_SIZE = 24;
/** The largest payload that is accepted unless configured otherwise: 1 MiB. */
export const MAX_PAYLOAD_SIZE: number = 1024 * 1024;

/** Four 32-bit words, signed or not: a `UID` is one. */
export interface Token {
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly d: number;
}

/** Where the words of the token lie in a frame. */
export const tokenOffset: {
  readonly a: 12;
  readonly b: 8;
  readonly c: 20;
  readonly d: 16;
} = Object.freeze({ a: 12, b: 8, c: 20, d: 16 });

/** Write all of a header but the checksum. */
export function writeHeader(bytes: Uint8Array, start: number, token: Token, payloadSize: number): void {
  writeInt32(bytes, start, HEADER_SIZE + payloadSize);
  writeToken(bytes, start + tokenOffset.b, token);
}

/** Write the sixteen bytes of a token. */
export function writeToken(bytes: Uint8Array, offset: number, token: Token): void {
  writeInt32(bytes, offset, token.b);
  writeInt32(bytes, offset + 4, token.a);
  writeInt32(bytes, offset + 8, token.d);
  writeInt32(bytes, offset + 12, token.c);
}

/** Sum what lies in one piece: length, and all from the token to `end`. */
export function frameChecksum(bytes: Uint8Array, start: number, end: number): number {
  const ofLength = crc32cScript(bytes, start, start + 4, 0);
  return crc32c(bytes, start + 8, end, ofLength);
}

export function writeChecksum(bytes: Uint8Array, start: number, checksum: number): void {
  writeInt32(bytes, start + 4, checksum);
}

/** Throw `WireError` when the frame is not what was sent. */
export function verifyChecksum(bytes: Uint8Array, start: number, end: number): void {
  const expected = readInt32(bytes, start + 4) >>> 0;
  const actual = frameChecksum(bytes, start, end);
  if (actual === expected) return;
  throw new WireError("checksum_mismatch", `the checksum is ${actual}, the frame says ${expected}`, {
    expected,
    actual,
  });
}

/** A frame's length, as its first four bytes say it. Throws `WireError`. */
export function readLength(bytes: Uint8Array, start: number, payloadSizeMax: number): number {
  const length = readInt32(bytes, start) >>> 0;
  if (length < HEADER_SIZE) {
    throw new WireError("invalid_length", `a frame of ${length} bytes is shorter than its header`, { length });
  }
  if (length - HEADER_SIZE > payloadSizeMax) {
    throw tooLarge(length - HEADER_SIZE, payloadSizeMax);
  }
  return length;
}

/** The error for a payload above a limit. */
export function tooLarge(size: number, sizeMax: number): WireError<"packet_too_large"> {
  return new WireError("packet_too_large", `a payload of ${size} bytes is above the limit of ${sizeMax}`, {
    size,
    sizeMax,
  });
}
