import test from "ava";

import { ByteArena } from "../../src/base/byte-arena.ts";

test("ByteArena hands out zeros that nobody else has", (t) => {
  const arena = new ByteArena();
  const all: Uint8Array[] = [];
  for (let count = 0; count < 500; count += 1) {
    const bytes = arena.take((count * 37) % 9_000);
    t.true(bytes.every((byte) => byte === 0));
    all.push(bytes.fill(count));
  }
  for (const [count, bytes] of all.entries()) {
    t.is(bytes.length, (count * 37) % 9_000);
    t.true(bytes.every((byte) => byte === count % 256));
  }
});

test("ByteArena cuts many small arrays from few buffers, and makes long ones by themselves", (t) => {
  const arena = new ByteArena();
  const small = Array.from({ length: 1_000 }, () => arena.take(100));
  t.true(new Set(small.map(({ buffer }) => buffer)).size < 10);
  t.true(small.every(({ byteOffset }) => byteOffset % 8 === 0));
  t.is(arena.take(100_000).buffer.byteLength, 100_000);
});

test("ByteArena goes on when somebody has given a buffer away", (t) => {
  const arena = new ByteArena();
  const { buffer } = arena.take(10);
  structuredClone(buffer, { transfer: [buffer as ArrayBuffer] });
  t.is(buffer.byteLength, 0);
  t.deepEqual(arena.copyOf(Uint8Array.of(1, 2)), Uint8Array.of(1, 2));
});
