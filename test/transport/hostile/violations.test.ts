/** Peers that break the protocol: that connection ends with a typed error, and nothing else does. */
import test from "ava";

import type { WireErrorCode } from "../../../src/transport/index.ts";
import { encodeHandshake } from "../../../src/wire/index.ts";
import { frameOf, noise } from "../../wire/frames.ts";
import { bytes, echoToken } from "../tank.ts";
import { fate, goesOn, greeting, inArena, places } from "./arena.ts";
import { request } from "./messages.ts";

const damaged = frameOf(noise(50), echoToken);
damaged[40] = (damaged[40] as number) ^ 1;

/** A payload with that kind, and nothing else of sense. */
const ofKind = (kind: number, size: number): Uint8Array =>
  frameOf(Uint8Array.of(kind, ...noise(size)), echoToken);

const attacks: [what: string, code: WireErrorCode, ...chunks: Uint8Array[]][] =
  [
    [
      "another protocol",
      "packet_too_large",
      new TextEncoder().encode("GET / HTTP/1.1\r\nHost: example.org\r\n\r\n"),
    ],
    ["a first frame that is no handshake", "bad_magic", frameOf(noise(30))],
    ["a handshake that is too large", "packet_too_large", frameOf(noise(600))],
    ["a length below the header", "invalid_length", bytes(3, 0, 0, 0)],
    [
      "a length of four gigabytes",
      "packet_too_large",
      bytes(255, 255, 255, 255),
    ],
    ["a damaged frame", "checksum_mismatch", greeting, damaged],
    [
      "a frame above the limit",
      "packet_too_large",
      greeting,
      bytes(0, 0, 255, 0),
    ],
    [
      "a frame without a message",
      "bad_message",
      greeting,
      frameOf(bytes(), echoToken),
    ],
    ["an unknown kind of message", "bad_message", greeting, ofKind(200, 40)],
    [
      "a request that is cut short",
      "bad_message",
      greeting,
      frameOf(bytes(1, 0, 0, 0, 0), echoToken),
    ],
    [
      "a request whose extra is longer than itself",
      "bad_message",
      greeting,
      frameOf(bytes(1, 0, 255, 255, ...noise(60)), echoToken),
    ],
    [
      "a reply that is cut short",
      "bad_message",
      greeting,
      frameOf(bytes(3, 0), echoToken),
    ],
    [
      "a peer that speaks a later version only",
      "unsupported_version",
      greetingOf(9, 9),
    ],
    [
      "a peer that speaks a version before the first",
      "unsupported_version",
      greetingOf(0, 0),
    ],
    [
      "a handshake that is cut short",
      "bad_handshake",
      frameOf(new TextEncoder().encode("WAVETANK")),
    ],
    ["a ping that is cut short", "bad_message", greeting, ofKind(4, 3)],
    [
      "an oversized frame after good ones",
      "packet_too_large",
      greeting,
      request(1, 3),
      bytes(0, 0, 255, 0),
    ],
  ];
for (const place of places) {
  for (const [what, code, ...chunks] of attacks) {
    test.serial(
      `${what} ends that connection ${place} with ${code}, and nothing else`,
      async (t) => {
        await inArena(place, {}, async (arena) => {
          t.true(await goesOn(arena));
          const attacker = await arena.attack(...chunks);
          t.is(await fate(attacker), "broken");
          const { violations, connectionCount } = arena.server.metrics();
          t.deepEqual([violations, connectionCount], [1, 1]);
          t.deepEqual(arena.codes, [code]);
          t.true(await goesOn(arena));
        });
      },
    );
  }

  test.serial(
    `a newer peer that still speaks our version is served ${place}`,
    async (t) => {
      await inArena(place, {}, async (arena) => {
        const newer = await arena.attack(greetingOf(9, 1), request(1, 3));
        await arena.until(({ dispatched }) => dispatched === 1);
        t.is(arena.server.metrics().violations, 0);
        newer.reset();
      });
    },
  );
}

/** The handshake of a peer that speaks these versions. */
function greetingOf(version: number, oldest: number): Uint8Array {
  const handshake = encodeHandshake({
    payloadSizeMax: 1_000_000,
    incarnation: 666n,
    address: undefined,
  });
  handshake.set([version, 0, oldest, 0], 8);
  return frameOf(handshake);
}
