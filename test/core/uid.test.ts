import test from "ava";

import {
  methodUid,
  UID,
  WELL_KNOWN_RESERVED_COUNT,
  WellKnownToken,
  type RandomProvider,
} from "../../src/core/index.ts";

const adjustments: readonly [
  what: string,
  base: string,
  id: number,
  adjusted: string,
][] = [
  [
    "nothing",
    "00000000000000000000000000000000",
    0,
    "00000000000000000000000000000000",
  ],
  [
    "one",
    "00000000000000000000000000000000",
    1,
    "00000001000000000000000000000001",
  ],
  [
    "an id to both ends",
    "c25b63cb173967139f62edb07db1f061",
    0x0da00b60,
    "cffb6f2b173967139f62edb08b51fbc1",
  ],
  [
    "the largest id",
    "00000001000000020000000300000004",
    0xffffffff,
    "00000000000000020000000300000003",
  ],
  [
    "past the end of the first half",
    "ffffffff00000000000000000000000a",
    2,
    "0000000100000000000000000000000c",
  ],
  [
    "past the end of the second half",
    "0000000a0000000000000000ffffffff",
    3,
    "0000000d000000000000000000000002",
  ],
  [
    "past both ends",
    "ffffffffffffffffffffffffffffffff",
    1,
    "00000000ffffffffffffffff00000000",
  ],
];
for (const [what, base, id, adjusted] of adjustments) {
  test(`UID adjusted adds ${what}, wrapping, and touches no other word`, (t) => {
    const uid = UID.parse(base);
    t.is(uid.adjusted(id).toString(), adjusted);
    t.is(methodUid(uid, id).toString(), adjusted);
    t.is(uid.toString(), base, "the original stays");
  });
}

test("UID adjusted is what 128-bit arithmetic says", (t) => {
  for (let turn = 0; turn < 500; turn += 1) {
    const [base, id] = [
      UID.random(counting(turn)),
      counting(turn + 7).uint32(),
    ];
    const first = BigInt.asUintN(64, base.first + (BigInt(id) << 32n));
    const second =
      (base.second & ~0xffff_ffffn) |
      BigInt.asUintN(32, base.second + BigInt(id));
    const adjusted = base.adjusted(id);
    t.deepEqual([adjusted.first, adjusted.second], [first, second]);
  }
});

test("UID reads and prints 32 hexadecimal digits", (t) => {
  const text = "0123456789abcdef00000000fedcba98";
  const uid = UID.parse(text);
  t.deepEqual(
    [uid.a, uid.b, uid.c, uid.d],
    [0x01234567, 0x89abcdef, 0, 0xfedcba98],
  );
  t.is(uid.toString(), text);
  t.is(JSON.stringify({ uid }), `{"uid":"${text}"}`);
  t.is(UID.parse(text.toUpperCase()).toString(), text);
  t.is(uid.first, 0x0123456789abcdefn);
  t.is(uid.second, 0xfedcba98n);
});

const noUids = [
  "",
  "0",
  "0".repeat(31),
  "0".repeat(33),
  `${"0".repeat(31)}g`,
  ` ${"0".repeat(31)}`,
  `0x${"0".repeat(30)}`,
];
for (const text of noUids) {
  test(`UID does not read "${text}"`, (t) => {
    t.throws(() => UID.parse(text), {
      instanceOf: TypeError,
      message: `"${text}" is no UID: 32 hexadecimal digits are`,
    });
  });
}

test("UID takes words beyond 32 bits by their low half", (t) => {
  const uid = new UID(-1, 0x1_0000_0002, 3, -2);
  t.is(uid.toString(), "ffffffff0000000200000003fffffffe");
});

test("UID equals what has the same four words, and nothing else", (t) => {
  const uid = new UID(1, 2, 3, 4);
  t.true(uid.equals(new UID(1, 2, 3, 4)));
  for (const other of [
    new UID(9, 2, 3, 4),
    new UID(1, 9, 3, 4),
    new UID(1, 2, 9, 4),
    new UID(1, 2, 3, 9),
  ]) {
    t.false(uid.equals(other));
  }
});

test("UID of all zeros is invalid, any bit makes it valid", (t) => {
  t.false(new UID(0, 0, 0, 0).isValid);
  for (const uid of [
    new UID(1, 0, 0, 0),
    new UID(0, 1, 0, 0),
    new UID(0, 0, 1, 0),
    new UID(0, 0, 0, 0x8000_0000),
  ]) {
    t.true(uid.isValid);
  }
});

test("UID of a well-known slot has a first half of all ones", (t) => {
  t.is(UID.wellKnown(1).toString(), "ffffffffffffffff0000000000000001");
  t.is(UID.wellKnown(63).toString(), "ffffffffffffffff000000000000003f");
  t.true(UID.wellKnown(0).isWellKnown);
  t.true(UID.wellKnown(0).isValid);
  t.false(new UID(0xffff_ffff, 0xffff_fffe, 0, 1).isWellKnown);
  t.false(new UID(0xffff_fffe, 0xffff_ffff, 0, 1).isWellKnown);
});

test("UID drawn at random is never well-known, not even from the worst source", (t) => {
  const worst = { uint32: () => 0xffff_ffff } as RandomProvider;
  t.false(UID.random(worst).isWellKnown);
  t.is(UID.random(worst).toString(), "7fffffffffffffffffffffffffffffff");
});

test("UID drawn at random uses four draws, one a word", (t) => {
  const uid = UID.random(counting(1));
  const draws = counting(1);
  const words = [
    draws.uint32() & 0x7fff_ffff,
    draws.uint32(),
    draws.uint32(),
    draws.uint32(),
  ];
  t.deepEqual([uid.a, uid.b, uid.c, uid.d], words);
});

test("UID is the same after a way as bytes, in the order of its digits", (t) => {
  const uid = new UID(0x01020304, 0xffffffff, 0x80000000, 5);
  t.is(Buffer.from(uid.toBytes()).toString("hex"), uid.toString());
  t.true(UID.fromBytes(uid.toBytes())?.equals(uid));
  const within = Uint8Array.of(9, ...uid.toBytes(), 9).subarray(1, 17);
  t.true(UID.fromBytes(within)?.equals(uid));
  for (const length of [0, 15, 17])
    t.is(UID.fromBytes(new Uint8Array(length)), undefined);
});

test("WellKnownToken has the four fixed slots of sixty-four", (t) => {
  t.deepEqual(WellKnownToken, {
    endpointNotFound: 0,
    ping: 1,
    unauthorizedEndpoint: 2,
    firstAvailable: 3,
  });
  t.true(Object.isFrozen(WellKnownToken));
  t.is(WELL_KNOWN_RESERVED_COUNT, 64);
});

/** Words that differ, from a plain counter. */
function counting(start: number): RandomProvider {
  let count = start;
  const uint32 = (): number => Math.imul((count += 1), 0x9e3779b9) >>> 0;
  return { uint32 } as RandomProvider;
}
