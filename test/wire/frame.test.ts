import test from "ava";

import { concatBytes } from "../../src/base/bytes.ts";
import { UID } from "../../src/core/index.ts";
import {
  FrameReader,
  FrameWriter,
  HEADER_SIZE,
  isWireError,
  MAX_PAYLOAD_SIZE,
  SEPARATE_BODY_SIZE_MIN,
} from "../../src/wire/index.ts";
import { frameOf, framesIn, noise, pieces, someToken } from "./frames.ts";

test("a frame is length, checksum, token and payload, all little endian", (t) => {
  const hex = Buffer.from(frameOf(Uint8Array.of(0xaa, 0xbb))).toString("hex");
  t.is(hex.slice(0, 8), "1a000000");
  t.is(hex.slice(16), "080706f504030201" + "100f0efd0c0b0a09" + "aabb");
});

test("FrameReader returns what FrameWriter wrote, whatever the size", (t) => {
  for (const size of [
    0,
    1,
    7,
    8,
    191,
    192,
    SEPARATE_BODY_SIZE_MIN - 1,
    SEPARATE_BODY_SIZE_MIN,
    100_000,
  ]) {
    const [frame, ...more] = framesIn([frameOf(noise(size))]);
    t.deepEqual(frame?.payload, noise(size));
    const { a, b, c, d } = frame?.token ?? { a: 0, b: 0, c: 0, d: 0 };
    t.true(someToken.equals(new UID(a, b, c, d)));
    t.deepEqual(more, []);
  }
});

test("FrameReader returns the same frames wherever the stream is cut", (t) => {
  const stream = concatBytes([
    frameOf(noise(5)),
    frameOf(noise(0)),
    frameOf(noise(40)),
  ]);
  for (let cut = 0; cut <= stream.length; cut += 1) {
    const frames = framesIn([stream.slice(0, cut), stream.slice(cut)]);
    t.deepEqual(
      frames.map(({ payload }) => payload.length),
      [5, 0, 40],
    );
  }
  for (const size of [1, 2, 3, 5, 23, 24, 25]) {
    const frames = framesIn(pieces(stream, size));
    t.deepEqual(frames[2]?.payload, noise(40));
  }
});

test("FrameReader hands on whole frames without copying them", (t) => {
  const chunk = concatBytes([frameOf(noise(5)), frameOf(noise(6))]);
  for (const { payload } of framesIn([chunk]))
    t.is(payload.buffer, chunk.buffer);
});

test("FrameReader returns nothing for half a header", (t) => {
  const reader = new FrameReader();
  t.deepEqual(framesIn([frameOf(noise(5)).slice(0, 12)], reader), []);
  t.is(reader.heldSize, 12);
});

test("FrameReader joins a frame of 1 MiB from pieces of 1 KiB", (t) => {
  const payload = noise(MAX_PAYLOAD_SIZE);
  const [frame] = framesIn(pieces(frameOf(payload), 1_024));
  t.is(Buffer.compare(frame?.payload ?? new Uint8Array(0), payload), 0);
});

test("FrameReader takes a payload at the limit and refuses one above it", (t) => {
  const limit = 100;
  t.is(framesIn([frameOf(noise(limit))], new FrameReader(limit)).length, 1);
  const error = t.throws(() =>
    framesIn([frameOf(noise(limit + 1))], new FrameReader(limit)),
  );
  t.true(isWireError(error, "packet_too_large"));
  t.deepEqual(isWireError(error, "packet_too_large") && error.details, {
    size: 101,
    sizeMax: 100,
  });
});

test("FrameReader refuses a bad length with its fourth byte", (t) => {
  for (const [length, code] of [
    [HEADER_SIZE - 1, "invalid_length"],
    [0, "invalid_length"],
    [HEADER_SIZE + MAX_PAYLOAD_SIZE + 1, "packet_too_large"],
    [0xffff_ffff, "packet_too_large"],
  ] as const) {
    const bytes = new Uint8Array(4);
    new DataView(bytes.buffer).setUint32(0, length, true);
    const reader = new FrameReader();
    framesIn([bytes.slice(0, 3)], reader);
    const error = t.throws(() => framesIn([bytes.slice(3)], reader));
    t.true(isWireError(error, code), `${length}`);
  }
});

test("FrameReader notices every flipped bit, or waits for bytes that a longer length promises", (t) => {
  const good = frameOf(noise(20));
  for (let bit = 0; bit < good.length * 8; bit += 1) {
    const bad = good.slice();
    bad[bit >> 3] = (bad[bit >> 3] as number) ^ (1 << (bit & 7));
    const reader = new FrameReader();
    try {
      t.deepEqual(framesIn([bad], reader), []);
      t.true(
        bit < 32 && reader.heldSize === bad.length,
        `bit ${bit} went unnoticed`,
      );
    } catch (error) {
      t.true(isWireError(error), `bit ${bit}: ${String(error)}`);
    }
  }
});

test("FrameReader hands on nothing after a violation", (t) => {
  const bad = frameOf(noise(20));
  bad[30] = 0;
  const reader = new FrameReader();
  t.throws(() => framesIn([bad], reader));
  t.deepEqual(framesIn([frameOf(noise(3))], reader), []);
});

test("FrameReader stops in the middle of a chunk when its sink says so", (t) => {
  const reader = new FrameReader();
  let count = 0;
  const frame = (): void => {
    count += 1;
    reader.stop();
  };
  reader.push(concatBytes([frameOf(noise(1)), frameOf(noise(2))]), { frame });
  t.is(count, 1);
});

test("FrameReader hands on so many frames and no more, and goes on where it stopped, wherever the chunks are cut", (t) => {
  const all = [20, 0, 300, 7, 64, 1].map((size) => frameOf(noise(size)));
  const bytes = concatBytes(all);
  for (const size of [...pieces(bytes, 1)].keys()) {
    const reader = new FrameReader();
    const sizes: number[] = [];
    let most = 0;
    for (const piece of pieces(bytes, size + 1)) {
      for (let at = 0, before = 0; at < piece.length;) {
        before = sizes.length;
        at += reader.push(
          piece.subarray(at),
          { frame: (_, start, end) => sizes.push(end - start - HEADER_SIZE) },
          2,
        );
        most = Math.max(most, sizes.length - before);
      }
    }
    t.deepEqual(sizes, [20, 0, 300, 7, 64, 1]);
    // One that was begun by an earlier chunk comes on top.
    t.true(most <= 3);
  }
});

test("FrameWriter gathers small frames into one chunk and leaves large bodies uncopied", (t) => {
  const writer = new FrameWriter();
  const large = noise(SEPARATE_BODY_SIZE_MIN);
  for (const body of [noise(10), noise(20), large, noise(30)]) {
    writer.begin(someToken, 0, body);
    writer.finish();
  }
  t.is(writer.size, 4 * HEADER_SIZE + 60 + large.length);
  const chunks = writer.take();
  t.is(chunks.length, 3);
  t.is(chunks[1], large);
  t.is(writer.size, 0);
  t.deepEqual(
    framesIn(chunks).map(({ payload }) => payload.length),
    [10, 20, large.length, 30],
  );
});

test("FrameWriter never writes into memory that was taken", (t) => {
  const writer = new FrameWriter(256);
  const taken: Uint8Array[] = [];
  for (let count = 0; count < 50; count += 1) {
    writer.begin(someToken, 0, noise(count));
    writer.finish();
    if (count % 3 === 0) taken.push(...writer.take());
  }
  taken.push(...writer.take());
  t.deepEqual(
    framesIn(taken).map(({ payload }) => payload),
    Array.from({ length: 50 }, (_, count) => noise(count)),
  );
});

test("FrameWriter puts the head that its caller writes before the body", (t) => {
  const writer = new FrameWriter();
  const at = writer.begin(someToken, 2, Uint8Array.of(3, 4));
  writer.buffer[at] = 1;
  writer.buffer[at + 1] = 2;
  writer.finish();
  t.deepEqual([...(framesIn(writer.take())[0]?.payload ?? [])], [1, 2, 3, 4]);
});
