import test from "ava";

import { concatBytes } from "../../src/base/bytes.ts";
import {
  deserializePacket,
  HEADER_SIZE,
  isWireError,
  MAX_PAYLOAD_SIZE,
  type Packet,
  type PacketHeader,
  serializePacket,
  tryDeserializePacket,
  type WireErrorCode,
} from "../../src/transport/index.ts";
import { frameOf, framesIn, noise, someToken } from "./frames.ts";

test("serializePacket writes what FrameReader reads, and deserializePacket reads what FrameWriter writes", (t) => {
  for (const size of [0, 1, 191, 10_000, MAX_PAYLOAD_SIZE]) {
    const bytes = serializePacket(someToken, noise(size));
    t.deepEqual(bytes, frameOf(noise(size)));
    t.is(framesIn([bytes]).length, 1);
    const { header, payload }: Packet = deserializePacket(bytes);
    const { length, token }: PacketHeader = header;
    t.is(length, HEADER_SIZE + size);
    t.true(token.equals(someToken));
    t.is(Buffer.compare(payload, noise(size)), 0);
  }
});

test("PacketHeader tells where the next packet begins, and the sum that was checked", (t) => {
  const bytes = concatBytes([
    serializePacket(someToken, noise(5)),
    serializePacket(someToken, noise(9)),
  ]);
  const first = deserializePacket(bytes);
  const second = deserializePacket(bytes.subarray(first.header.length));
  t.deepEqual(second.payload, noise(9));
  t.is(
    first.header.checksum,
    new DataView(bytes.buffer, bytes.byteOffset).getUint32(4, true),
  );
});

test("tryDeserializePacket returns nothing until the last byte is there, and deserializePacket says how many are needed", (t) => {
  const bytes = serializePacket(someToken, noise(20));
  for (let size = 0; size < bytes.length; size += 1) {
    t.is(tryDeserializePacket(bytes.subarray(0, size)), undefined);
    const error = t.throws(() => deserializePacket(bytes.subarray(0, size)));
    t.deepEqual(isWireError(error, "insufficient_data") && error.details, {
      needed: size < 4 ? HEADER_SIZE : bytes.length,
      available: size,
    });
  }
  t.deepEqual(tryDeserializePacket(bytes)?.payload, noise(20));
});

const lengthOf = (length: number): Uint8Array => {
  const bytes = serializePacket(someToken, noise(20));
  new DataView(bytes.buffer, bytes.byteOffset).setUint32(0, length, true);
  return bytes;
};
const damaged = serializePacket(someToken, noise(20));
damaged[30] = (damaged[30] as number) ^ 1;

const broken: [what: string, bytes: Uint8Array, code: WireErrorCode][] = [
  ["a damaged packet", damaged, "checksum_mismatch"],
  ["a length below the header", lengthOf(23), "invalid_length"],
  ["a length of gigabytes", lengthOf(0xffff_ffff), "packet_too_large"],
  ["a length that is cut", lengthOf(43), "checksum_mismatch"],
];
for (const [what, bytes, code] of broken) {
  test(`deserializePacket and tryDeserializePacket refuse ${what} with ${code}`, (t) => {
    for (const read of [deserializePacket, tryDeserializePacket])
      t.true(
        isWireError(
          t.throws(() => read(bytes)),
          code,
        ),
      );
  });
}

test("serializePacket refuses a payload above the limit", (t) => {
  const error = t.throws(() =>
    serializePacket(someToken, new Uint8Array(MAX_PAYLOAD_SIZE + 1)),
  );
  t.true(isWireError(error, "packet_too_large"));
});
