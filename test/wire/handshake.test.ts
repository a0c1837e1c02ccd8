import test from "ava";

import { NetworkAddress } from "../../src/core/index.ts";
import {
  decodeHandshake,
  encodeHandshake,
  HANDSHAKE_SIZE_MAX,
  isWireError,
  type WireErrorCode,
} from "../../src/wire/index.ts";

const plain = {
  payloadSizeMax: 1_048_576,
  incarnation: 0xfedc_ba98_7654_3210n,
  address: undefined,
};

for (const address of [undefined, "10.0.1.1:4500", "[2001:db8::1]:65535"]) {
  test(`a handshake of ${address ?? "a client"} survives the trip`, (t) => {
    const sent = {
      ...plain,
      address:
        address === undefined ? undefined : NetworkAddress.parse(address),
    };
    const bytes = encodeHandshake(sent);
    t.true(bytes.length <= HANDSHAKE_SIZE_MAX);
    t.deepEqual(decodeHandshake(bytes), sent);
  });
}

test("a handshake may hold more than this version knows", (t) => {
  const bytes = new Uint8Array([...encodeHandshake(plain), 1, 2, 3]);
  t.deepEqual(decodeHandshake(bytes), plain);
});

const withBytes = (offset: number, ...values: number[]): Uint8Array => {
  const bytes = encodeHandshake({
    ...plain,
    address: NetworkAddress.parse("10.0.1.1:4500"),
  });
  bytes.set(values, offset);
  return bytes;
};

const violations: [what: string, bytes: Uint8Array, code: WireErrorCode][] = [
  [
    "another protocol",
    new TextEncoder().encode("GET / HTTP/1.1\r\nHost: example.org\r\n\r\n"),
    "bad_magic",
  ],
  ["nothing", new Uint8Array(0), "bad_magic"],
  [
    "no more than the magic",
    encodeHandshake(plain).slice(0, 8),
    "bad_handshake",
  ],
  ["a version that is too old", withBytes(8, 0, 0), "unsupported_version"],
  [
    "a version that is too new",
    withBytes(8, 9, 0, 9, 0),
    "unsupported_version",
  ],
  ["an address that is cut short", withBytes(24, 200), "bad_handshake"],
  ["an address that is none", withBytes(25, 0x78), "bad_handshake"],
];
for (const [what, bytes, code] of violations) {
  test(`a handshake of ${what} is refused with ${code}`, (t) => {
    t.true(
      isWireError(
        t.throws(() => decodeHandshake(bytes)),
        code,
      ),
    );
  });
}

test("a newer side that still speaks our version is welcome", (t) => {
  t.is(
    decodeHandshake(withBytes(8, 9, 0, 1, 0)).incarnation,
    plain.incarnation,
  );
});

test("a handshake with any byte changed is read, or refused with a WireError", (t) => {
  const good = encodeHandshake({
    ...plain,
    address: NetworkAddress.parse("10.0.1.1:4500"),
  });
  for (let at = 0; at < good.length; at += 1) {
    for (const value of [0, 1, 0x7f, 0x80, 0xff]) {
      try {
        decodeHandshake(withBytes(at, value));
      } catch (error) {
        t.true(isWireError(error), `byte ${at} is ${value}: ${String(error)}`);
      }
    }
  }
  t.pass();
});
