/** What the tests of frames share. */
import { concatBytes } from "../../src/base/bytes.ts";
import { UID } from "../../src/core/index.ts";
import {
  FrameReader,
  FrameWriter,
  HEADER_SIZE,
  type MutableToken,
  readToken,
  TOKEN_OFFSET,
} from "../../src/wire/index.ts";

export interface Frame {
  token: MutableToken;
  payload: Uint8Array;
}

export const someToken: UID = new UID(
  0x01020304,
  0xf5060708,
  0x090a0b0c,
  0xfd0e0f10,
);

/** One frame, as bytes. */
export function frameOf(
  payload: Uint8Array,
  token: UID = someToken,
): Uint8Array {
  const writer = new FrameWriter();
  writer.begin(token, 0, payload);
  writer.finish();
  return concatBytes(writer.take());
}

/** All frames in these chunks. */
export function framesIn(
  chunks: Iterable<Uint8Array>,
  reader: FrameReader = new FrameReader(),
): Frame[] {
  const frames: Frame[] = [];
  const frame = (bytes: Uint8Array, start: number, end: number): void => {
    const token = { a: 0, b: 0, c: 0, d: 0 };
    readToken(bytes, start + TOKEN_OFFSET, token);
    frames.push({ token, payload: bytes.subarray(start + HEADER_SIZE, end) });
  };
  for (const chunk of chunks) reader.push(chunk, { frame });
  return frames;
}

/** Bytes that look like nothing in particular, the same each time. */
export function noise(size: number): Uint8Array {
  return Uint8Array.from(
    { length: size },
    (_, at) => Math.imul(at + 1, 0x9e3779b1) >>> 24,
  );
}

/** Cut into pieces of that size. */
export function* pieces(bytes: Uint8Array, size: number): Iterable<Uint8Array> {
  for (let start = 0; start < bytes.length; start += size)
    yield bytes.slice(start, start + size);
}
