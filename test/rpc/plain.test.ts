import { inspect, isDeepStrictEqual } from "node:util";

import {
  create,
  type DescMessage,
  equals,
  fromBinary,
  type Message,
  toBinary,
} from "@bufbuild/protobuf";
import test, { type ExecutionContext } from "ava";

import { EchoRequestSchema } from "../../gen/bench/v1/bench_pb.ts";
import { protobufCodec } from "../../src/rpc/index.ts";
import { PlainReader } from "../../src/rpc/plain/plain-reader.ts";
import { PlainWriter } from "../../src/rpc/plain/plain-writer.ts";
import { PlainShapes } from "../../src/rpc/plain/shape.ts";
import {
  Delimited,
  dialects,
  Newer,
  OfStringValue,
  OfStruct,
  Older,
  Plain,
  Rare,
} from "./plain-types.ts";
import { type Init, randomInit, seeded } from "./plain-values.ts";

const shapes = new PlainShapes();
const writer = new PlainWriter(shapes);
const reader = new PlainReader(shapes);

/** What becomes of it, or that nothing does. */
function outcome<Result>(make: () => Result): Result | "refused" {
  try {
    return make();
  } catch {
    return "refused";
  }
}

/** Encode it both ways. Answers what both made of it. */
function encoded(
  t: ExecutionContext,
  schema: DescMessage,
  init: Init,
): Uint8Array | "refused" {
  const theirs = outcome(() => toBinary(schema, create(schema, init)));
  const ours = outcome(() => protobufCodec.encode(schema, init));
  same(t, ours, theirs);
  return theirs;
}

/** Decode it both ways. */
function decoded(
  t: ExecutionContext,
  schema: DescMessage,
  bytes: Uint8Array,
): Message | "refused" {
  const theirs = outcome(() => fromBinary(schema, bytes));
  const ours = outcome(() => protobufCodec.decode(schema, bytes));
  same(t, ours, theirs);
  return theirs;
}

/** As `t.deepEqual`, which takes its time with long arrays. */
function same(t: ExecutionContext, ours: unknown, theirs: unknown): void {
  if (!isDeepStrictEqual(ours, theirs)) t.deepEqual(ours, theirs);
  t.pass();
}

for (const schema of dialects)
  test(`protobufCodec writes and reads whatever protobuf-es does of ${schema.typeName}, and the same`, (t) => {
    const random = seeded(1);
    let plainCount = 0;
    for (let round = 0; round < 1_000; round += 1) {
      const init = randomInit(random);
      const bytes = encoded(t, schema, init) as Uint8Array;
      decoded(t, schema, bytes);
      same(t, protobufCodec.encode(schema, create(schema, init)), bytes);
      const isPlain = !/byNumber|__proto__|ud800/.test(
        inspect(init, { depth: null }),
      );
      if (!isPlain) continue;
      plainCount += 1;
      t.not(writer.write(schema, init), undefined);
      t.not(reader.read(schema, bytes), undefined);
    }
    t.true(plainCount > 200, String(plainCount));
  });

for (const schema of dialects)
  test(`protobufCodec makes of damaged bytes what protobuf-es makes of them as a ${schema.typeName}`, (t) => {
    const random = seeded(2);
    let refusedCount = 0;
    for (let round = 0; round < 4_000; round += 1) {
      const bytes = protobufCodec
        .encode(schema, randomInit(random))
        .slice(0, 600);
      const at = random.next() % (bytes.length + 1);
      bytes[at] = random.next();
      const cut = bytes.subarray(0, round % 3 === 0 ? at : bytes.length);
      if (decoded(t, schema, cut) === "refused") refusedCount += 1;
    }
    t.true(refusedCount > 100 && refusedCount < 3_900, String(refusedCount));
  });

const child = create(Plain, { text: "child" } as Init);
class Inherited {
  get someText(): string {
    return "of its class";
  }
}

/** What is odd about an init, and the init. */
const odd: Record<string, Init> = {
  "null for a field": { text: null, payload: null, child: null },
  "a field that is undefined": { text: undefined, child: undefined },
  "a field that nobody knows": { other: 5, text: "x" },
  "an array for bytes": { payload: [1, 2, 3] },
  "a buffer for bytes": { payload: Buffer.from("buffer") },
  "words for bytes": { payload: Uint16Array.of(1, 2) },
  "a number for text": { text: 5 },
  "text for a number": { count: "5", cents: "5" },
  "text that is none for a number": { count: "many" },
  "a number for a bigint": { cents: 5, total: 5 },
  "a zero of another type": { cents: 0, count: "0", yes: 0 },
  "minus zero": { count: -0, whole: -0, someCount: -0 },
  "a fraction": { count: 0.5 },
  "no number": { whole: Number.NaN },
  "a number that is too large": { count: 2 ** 32 },
  "a negative count": { count: -1 },
  "a bigint that is too large": { cents: 2n ** 63n },
  "a negative total": { total: -1n },
  "a message of another type": { child: create(EchoRequestSchema) },
  "what is no message": { child: 5 },
  "an array for a message": { child: [] },
  "messages that are messages": { child },
  "fields of a class": new Inherited() as unknown as Init,
  "a message that lacks fields": { $typeName: "kinds.Plain", text: "x" },
  "fields of no message in a message": {
    ...create(Plain),
    child: { text: "x" },
  },
  "an inherited field of a message": Object.assign(
    Object.create({ someText: "x" }),
    create(Plain),
  ) as Init,
  "another type's message": { ...create(Newer, { news: "x" } as Init) },
  "null for a list": { names: null, children: null },
  "a list that is none": { names: "ab", children: { text: "x" } },
  "a list with holes": { names: new Array(2), children: new Array(1) },
  "a list of other things": { names: ["a", 5], blobs: [[1, 2]] },
  "lists of what is no message": { children: [child, {}, null] },
  "a list of no messages in a message": {
    ...create(Plain),
    children: [{ text: "x" }],
  },
  "a message without its number": { ...create(Plain), count: undefined },
  "a message without its list": {
    ...create(Plain),
    names: undefined,
  },
  "null for a choice": { choice: null },
  "a choice that is none": { choice: 5 },
  "a choice that nobody knows": { choice: { case: "other", value: 5 } },
  "a choice without a value": { choice: { case: "choiceText" } },
  "a choice of another type": { choice: { case: "choiceText", value: 5 } },
  "a choice that is a message": {
    choice: { case: "choiceChild", value: child },
  },
  "a choice that is no message in a message": {
    ...create(Plain),
    choice: { case: "choiceChild", value: { text: "x" } },
  },
  "a message without its choice": { ...create(Plain), choice: undefined },
  "a choice beside its group": { choiceText: "x" },
  "text for a double": { ratio: "0.5", ofFloat: "0.5" },
  "a float that is too large": { ofFloat: 3.5e38 },
  "a float that is only just too large": { manyFloat: [-3.4028235e38] },
  "a bigint for a number": { ofInt32: 0n, ofDouble: 0n, ofFloat: 5n },
  "a number for every bigint": {
    ...{ ofSint64: 0, ofFixed64: 0, ofUint64: 5, ofSfixed64: -5 },
  },
  "fractions for numbers": { ofSint32: 0.5, ofFixed32: 0.5 },
  "numbers with too many bits": { ofSint32: 2 ** 31, ofSfixed32: -(2 ** 31) },
  "a number below zero for one without a sign": { ofFixed32: -1 },
  "bigints with too many bits": {
    ofSint64: 2n ** 63n,
    ofSfixed64: -(2n ** 64n),
  },
  "bigints below zero for those without a sign": { ofFixed64: -1n },
  "lists of other numbers": { manyInt32: [1, "2"], manyInt64: [1n, 2] },
  "lists of what is no number": { manyDouble: [null], manyBool: [1] },
  "a list of numbers with holes": { manyUint32: new Array(2) },
  "an array of another kind for numbers": { manyUint32: Uint32Array.of(1, 2) },
  "null for a map": { labels: null, amounts: null },
  "a map that is none": { labels: "ab", amounts: 5 },
  "an array for a map": { labels: ["a"] },
  "a map of JavaScript's": { labels: new Map([["a", "b"]]) },
  "maps of other things": { labels: { a: 5 }, amounts: { a: "b" } },
  "maps of nothing": { labels: { a: undefined }, parts: { a: null } },
  "a map of messages": { parts: { child, other: {} } },
  "a map of no messages in a message": {
    ...create(Plain),
    parts: { a: { text: "x" } },
  },
  "a message without its map": { ...create(Plain), labels: undefined },
  "unknown fields": {
    ...child,
    $unknown: [{ no: 99, wireType: 0, data: Uint8Array.of(5) }],
  },
  "unknown fields of no message": {
    $unknown: [{ no: 99, wireType: 0, data: Uint8Array.of(5) }],
  },
};
for (const [what, init] of Object.entries(odd))
  test(`protobufCodec takes ${what} as protobuf-es does`, (t) => {
    for (const schema of dialects) {
      encoded(t, schema, init);
      encoded(t, schema, { child: init });
      encoded(t, schema, {
        ...create(schema),
        ...init,
        $typeName: schema.typeName,
      });
    }
    encoded(t, Rare, init);
    encoded(t, Older, init);
    for (const schema of [OfStringValue, OfStruct])
      encoded(t, schema, { it: init["text"] ?? init });
  });

/** What is odd about bytes, and the bytes. */
const oddBytes: Record<string, readonly number[]> = {
  "a field that came twice": [0x28, 1, 0x28, 2],
  "a message that came in two parts": [0x4a, 2, 0x28, 1, 0x4a, 2, 0x10, 1],
  "fields out of order": [0x28, 1, 0x10, 1, 0x1a, 1, 0x61],
  "a field that nobody knows": [0x28, 1, 0xf8, 0x07, 1],
  "a field of another type": [0x2a, 1, 0],
  "a number that is longer than it need be": [0x28, 0x81, 0x80, 0x00],
  "a tag that is longer than it need be": [0xa8, 0x80, 0x00, 1],
  "a number without an end": [0x28, 0x80],
  "a number of eleven bytes": [0x30, ...new Array<number>(10).fill(0xff), 1],
  "a negative whole": [0x20, ...new Array<number>(9).fill(0xff), 1],
  "a yes that is neither one nor zero": [0x10, 5],
  "text that is no text": [0x1a, 2, 0xc3, 0x28],
  "a field number of zero": [0x00, 1],
  "a group": [0x2b, 0x2c],
  "a message that is longer than what is there": [0x4a, 9, 0x28, 1],
  "a message whose last number lies behind it": [0x4a, 1, 0x28, 1],
  "bytes that lie beyond their message": [0x4a, 2, 0x0a, 5, 1, 2, 3, 4, 5],
  "a choice that came twice": [0xba, 1, 1, 0x61, 0xc0, 1, 5],
  "a choice that came in two parts": [0xca, 1, 2, 0x28, 1, 0xca, 1, 2, 0x10, 1],
  "a double that is cut off": [0xa9, 1, 0, 0, 0],
  "a double that ends behind its message": [
    0x4a, 4, 0xa9, 1, 0, 0, 0, 0, 0, 0, 0, 0,
  ],
  "a list between other fields": [0x92, 1, 1, 0x61, 0x28, 1, 0x92, 1, 0],
  "a negative whole that is shorter than it need be": [
    ...[0x20, 0xff, 0xff, 0xff, 0xff, 0x0f],
  ],
  "a negative number that is too small for its type": [
    ...[0x20, 0xff, 0xff, 0xff, 0xff, 0xf7, 0xff, 0xff, 0xff, 0xff, 1],
  ],
  "numbers of more than 64 bits": [
    ...[0x30, ...new Array<number>(9).fill(0xff), 0x7f],
    ...[0x38, ...new Array<number>(9).fill(0xff), 0x7f],
    ...[0x38, ...new Array<number>(9).fill(0xff), 0x02],
    ...[0x20, ...new Array<number>(9).fill(0xff), 0x7f],
  ],
  "a whole of eight bytes": [0x20, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1],
  "a whole of five bytes that looks longer": [
    ...[0x20, 0x80, 0x80, 0x80, 0x80, 0x7f, 0xff, 0xff, 0xff, 0xff, 0x7f],
  ],
  "a whole of five bytes": [0x20, 0x80, 0x80, 0x80, 0x80, 0x10],
  "numbers that are not packed": [0x98, 3, 1, 0x98, 3, 2],
  "packed numbers that ought not to be": [0xba, 4, 2, 1, 2],
  "a packed list in two parts": [0x9a, 3, 1, 1, 0x9a, 3, 1, 2],
  "a packed list that is cut off": [0x9a, 3, 2, 1],
  "a packed list whose last number lies behind it": [0x9a, 3, 1, 0x80, 1],
  "a packed list of cut numbers": [0xea, 3, 3, 0, 0, 0],
  "a fixed number that is cut off": [0xad, 2, 0, 0],
  "an entry without a key": [0x82, 5, 3, 0x12, 1, 0x61],
  "an entry without a value": [0x82, 5, 3, 0x0a, 1, 0x61],
  "an empty entry": [0x82, 5, 0],
  "an entry whose value comes first": [
    ...[0x82, 5, 6, 0x12, 1, 0x61, 0x0a, 1, 0x62],
  ],
  "an entry that came twice": [
    ...[0x82, 5, 6, 0x0a, 1, 0x61, 0x12, 1, 0x62],
    ...[0x82, 5, 6, 0x0a, 1, 0x61, 0x12, 1, 0x63],
  ],
  "an entry with a field more": [
    ...[0x82, 5, 8, 0x0a, 1, 0x61, 0x12, 1, 0x62, 0x18, 1],
  ],
  "an entry whose key lies behind it": [0x82, 5, 2, 0x0a, 9, 0x61, 0x62],
  "an entry for the prototype": [
    ...[0x82, 5, 14, 0x0a, 9, ...Buffer.from("__proto__"), 0x12, 1, 0x61],
  ],
  nothing: [],
};
for (const [what, bytes] of Object.entries(oddBytes))
  test(`protobufCodec reads ${what} as protobuf-es does`, (t) => {
    for (const schema of dialects) decoded(t, schema, Uint8Array.from(bytes));
  });

test("protobufCodec leaves to protobuf-es what is not plain, and nothing else", (t) => {
  const init = {
    text: "x",
    payload: Uint8Array.of(1),
    cents: 5n,
    child: { count: 3 },
    names: ["a", "b"],
    children: [{}, { ratio: 0.5 }],
    choice: { case: "choiceCount", value: 0 },
    ...{ whole: -1, total: 2n ** 64n - 1n, ofFloat: 0.5, ofSint64: -5n },
    ...{ manyInt32: [1, -1], manyFixed64: [1n], unpacked: [0n, -1n] },
    ...{ labels: { a: "b" }, parts: { a: {} } },
  };
  const bytes = writer.write(Plain, init);
  t.true(bytes !== undefined && reader.read(Plain, bytes) !== undefined);
  t.true(writer.write(EchoRequestSchema, {}) !== undefined);
  t.is(writer.write(Plain, { rare: {} }), undefined);
  t.is(writer.write(Rare, {}), undefined);
  t.is(writer.write(Older, { text: "x" }), undefined);
  t.is(writer.write(Delimited, {}), undefined);
  t.is(writer.write(OfStringValue, { it: "x" }), undefined);
  t.is(writer.write(OfStruct, { it: {} }), undefined);
  t.is(reader.read(Older, Uint8Array.of(0x0a, 0)), undefined);
});

test("protobufCodec takes messages as deep in one another as protobuf-es does", (t) => {
  for (const depth of [1, 31, 32, 33, 34, 99, 100, 101, 150]) {
    let init: Init = { count: depth };
    for (let left = depth; left > 0; left -= 1) init = { child: init };
    decoded(t, Plain, encoded(t, Plain, init) as Uint8Array);
  }
});

test("protobufCodec never writes again to bytes that it has answered", (t) => {
  const random = seeded(3);
  const kept = Array.from({ length: 500 }, () => {
    const bytes = protobufCodec.encode(Plain, randomInit(random));
    return { bytes, copy: bytes.slice() };
  });
  t.true(kept.every(({ bytes, copy }) => Buffer.compare(bytes, copy) === 0));
  t.true(new Set(kept.map(({ bytes }) => bytes.buffer)).size < 500);
});

test("protobufCodec writes a message while it reads the fields of another", (t) => {
  const init = {
    text: "outer",
    get far(): string {
      const inner = protobufCodec.encode(Plain, { text: "inner" });
      return `${inner.length}`;
    },
    get someText(): string {
      throw new Error("not now");
    },
  };
  t.throws(() => protobufCodec.encode(Plain, init));
  Object.defineProperty(init, "someText", { value: "now" });
  encoded(t, Plain, init);
});

test("protobufCodec goes on when the memory that it wrote to is taken away", (t) => {
  const taken = protobufCodec.encode(Plain, { text: "x" } as Init);
  structuredClone(taken, { transfer: [taken.buffer as ArrayBuffer] });
  const message = create(Plain, { text: "y" } as Init);
  const bytes = protobufCodec.encode(Plain, message);
  t.true(equals(Plain, protobufCodec.decode(Plain, bytes), message));
});
