import test from "ava";

import { Crc32c, crc32c } from "../../src/wire/index.ts";

const ascii = (text: string): Uint8Array => new TextEncoder().encode(text);
const filled = (value: (index: number) => number): Uint8Array =>
  Uint8Array.from({ length: 32 }, (_, at) => value(at));

/** The check value of the CRC catalogue, and the vectors of RFC 3720, appendix B.4. */
const vectors: [what: string, bytes: Uint8Array, expected: number][] = [
  ["nothing", new Uint8Array(0), 0],
  ["the digits 1 to 9", ascii("123456789"), 0xe3069283],
  ["32 zeros", filled(() => 0), 0x8a9136aa],
  ["32 times ff", filled(() => 0xff), 0x62a8ab43],
  ["32 bytes upwards", filled((at) => at), 0x46dd794e],
  ["32 bytes downwards", filled((at) => 31 - at), 0x113fdb5c],
];
for (const [what, bytes, expected] of vectors) {
  test(`crc32c of ${what} is the published value, in script and natively`, (t) => {
    t.is(crc32c(bytes), expected);
    t.is(new Crc32c().addByScript(bytes, 0, bytes.length).value, expected);
    t.is(new Crc32c().addByNative(bytes, 0, bytes.length).value, expected);
  });
}

const noise = Uint8Array.from(
  { length: 1_000 },
  (_, at) => (at * 2_654_435_761) >>> 24,
);

test("Crc32c gives the same in script and natively, whatever the start and the size", (t) => {
  for (let start = 0; start < 9; start += 1) {
    for (let size = 0; size < 300; size += 1) {
      const script = new Crc32c().addByScript(noise, start, start + size).value;
      const native = new Crc32c().addByNative(noise, start, start + size).value;
      if (script !== native)
        t.fail(`${size} bytes from ${start}: ${script} and ${native}`);
    }
  }
  t.pass();
});

test("Crc32c sums pieces to the sum of the whole, across both implementations", (t) => {
  const whole = crc32c(noise);
  const sum = new Crc32c();
  for (const cut of [0, 1, 4, 7, 100, 191, 192, 193, 500, 999, 1_000]) {
    t.is(
      sum.reset().add(noise, 0, cut).add(noise, cut, noise.length).value,
      whole,
    );
  }
});
