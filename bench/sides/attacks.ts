/** What a hostile peer does, one after the other. Every attack ends when its connection does. */
import { concatBytes } from "../../src/base/bytes.ts";
import { UID } from "../../src/core/index.ts";
import {
  encodeHandshake,
  serializePacket,
  type Token,
} from "../../src/wire/index.ts";
import type { MethodSpec } from "../../src/rpc/index.ts";
import { EchoServiceRpc } from "../../gen/bench/v1/bench_rpc.ts";

/** Bytes to send once a connection stands, and bytes to send again and again after them. */
export interface Attack {
  readonly what: string;
  readonly opening: Uint8Array;
  readonly flood?: Uint8Array;
  /** How many connections make it at once. Default 1. */
  readonly connections?: number;
}

const nobody = new UID(9, 9, 9, 9);
const { uid: echo } = Object.values(EchoServiceRpc.methods)[0] as MethodSpec;

const frame = (payload: Uint8Array, token: Token = nobody): Uint8Array =>
  serializePacket(token, payload);

const greeting = frame(
  encodeHandshake({
    payloadSizeMax: 1_048_576,
    incarnation: 666n,
    address: undefined,
  }),
);

/** `kind`, and nothing but zeros. */
function message(kind: number, size: number): Uint8Array {
  const bytes = new Uint8Array(size);
  bytes[0] = kind;
  return bytes;
}

const many = (bytes: Uint8Array): Uint8Array =>
  concatBytes(Array.from({ length: 1_000 }, () => bytes));

const damaged = frame(message(1, 90), echo);
damaged[60] = 1;

/** See docs/benchmarks.md. */
export const attacks: readonly Attack[] = [
  {
    what: "another protocol",
    opening: new TextEncoder().encode("GET / HTTP/1.1\r\n\r\n"),
  },
  { what: "a damaged frame", opening: concatBytes([greeting, damaged]) },
  {
    what: "a frame that is too large",
    opening: concatBytes([greeting, Uint8Array.of(0, 0, 0, 64)]),
  },
  {
    what: "an unknown message",
    opening: concatBytes([greeting, frame(message(77, 30))]),
  },
  {
    what: "fifty connections that say nothing",
    opening: new Uint8Array(0),
    connections: 50,
  },
  {
    what: "requests whose replies are not read",
    opening: greeting,
    flood: many(frame(message(1, 24), echo)),
  },
  {
    what: "requests to nobody",
    opening: greeting,
    flood: many(frame(message(1, 24))),
  },
  { what: "pings", opening: greeting, flood: many(frame(message(4, 8))) },
  { what: "replies", opening: greeting, flood: many(frame(message(3, 40))) },
];
