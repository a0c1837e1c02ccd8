/** The fingerprint stands for everything that happened: change any part of one event or one draw, and it changes. */
import test from "ava";

import { Engine } from "../../src/sim/engine.ts";
import { EventKind, Fingerprint, Incarnation } from "../../src/sim/index.ts";
import { ipA, ipB, pattern } from "./support.ts";

const planned = {
  time: 5,
  tie: 3,
  owner: 1,
  kind: EventKind.timer as number,
  skipped: 0,
  draw: 0,
};

const changes: readonly [what: string, change: Partial<typeof planned>][] = [
  ["the time, by a microsecond", { time: 6 }],
  ["the time, by two to the 32 microseconds", { time: 5 + 0x1_0000_0000 }],
  ["the tie-break", { tie: 4 }],
  ["the sequence", { skipped: 1 }],
  ["the owner", { owner: 2 }],
  ["the kind", { kind: EventKind.network }],
  ["one draw", { draw: 1 }],
];
for (const [what, change] of changes) {
  test(`the fingerprint sees a change of ${what}, in one event of many`, (t) => {
    t.is(fingerprintOf(planned), fingerprintOf({ ...planned }));
    t.not(fingerprintOf({ ...planned, ...change }), fingerprintOf(planned));
  });
}

test("the fingerprint does not see what a cancelled event would have been", (t) => {
  const cancelling = (time: number, kind: number): string => {
    const engine = new Engine({ seed: 1, recipe: [] });
    engine.schedule(10, engine.root, EventKind.timer, nothing, undefined);
    engine.cancel(engine.schedule(time, engine.root, kind, nothing, undefined));
    fireAll(engine);
    t.deepEqual([engine.steps, engine.nowMicros], [1, 10]);
    return engine.fingerprint.toString();
  };
  t.is(cancelling(5, EventKind.timer), cancelling(500, EventKind.network));
});

test("the fingerprint of known words never changes", (t) => {
  const fingerprint = new Fingerprint();
  t.is(fingerprint.toString(), "2545f4919e3779b9");
  for (const word of [0, 1, -1, 0x7fff_ffff, 0xdead_beef])
    fingerprint.word(word);
  fingerprint.integer(Number.MAX_SAFE_INTEGER);
  fingerprint.bytes(pattern(11));
  t.is(fingerprint.toString(), "fbee2390d92cfab4");
  fingerprint.event(0x12_3456_789a, 3, 0xffff_fffe, 0x41);
  fingerprint.bytes(pattern(5_000));
  t.is(fingerprint.toString(), "56b415e6f9a6e66e");
});

test("the fingerprint sees the order of words and the halves of integers", (t) => {
  const of = (feed: (fingerprint: Fingerprint) => void): string => {
    const fingerprint = new Fingerprint();
    feed(fingerprint);
    return fingerprint.toString();
  };
  t.not(
    of((print) => [1, 2].forEach((word) => print.word(word))),
    of((print) => [2, 1].forEach((word) => print.word(word))),
  );
  t.not(
    of((print) => print.word(0)),
    of(() => undefined),
    "a zero is a word",
  );
  t.not(
    of((print) => print.integer(1)),
    of((print) => print.integer(0x1_0000_0001)),
  );
  t.not(
    of((print) => print.integer(0)),
    of((print) => print.integer(0x1_0000_0000)),
  );
});

test("the fingerprint sees every byte at every place, and how many there are", (t) => {
  const seen = new Set<string>();
  let count = 0;
  for (let length = 0; length <= 13; length += 1) {
    for (let place = -1; place < length; place += 1) {
      for (const bit of place < 0 ? [0] : [1, 0x80]) {
        const bytes = pattern(length);
        if (place >= 0) bytes[place] = (bytes[place] as number) ^ bit;
        seen.add(fingerprintOfBytes(bytes));
        count += 1;
      }
    }
  }
  t.is(seen.size, count);
});

for (const length of [100, 255, 256, 271, 4_096, 4_097, 10_000]) {
  test(`the fingerprint sees each byte of ${length}, and that there is one more`, (t) => {
    const bytes = new Uint8Array(length);
    const seen = new Set(
      [bytes, new Uint8Array(length + 1)].map(fingerprintOfBytes),
    );
    for (let place = 0; place < length; place += 1) {
      bytes[place] = 0x80;
      seen.add(fingerprintOfBytes(bytes));
      bytes[place] = 0;
    }
    t.is(seen.size, length + 2);
  });
}

test("the fingerprint of many bytes has nothing of those before them", (t) => {
  const after = (earlier: number): string => {
    fingerprintOfBytes(new Uint8Array(4_096).fill(earlier));
    return fingerprintOfBytes(new Uint8Array(261));
  };
  t.is(after(1), after(2));
});

function fingerprintOfBytes(bytes: Uint8Array): string {
  const fingerprint = new Fingerprint();
  fingerprint.bytes(bytes);
  return fingerprint.toString();
}

/** Three events, of which the second is the planned one, and a draw before the third. */
function fingerprintOf({
  time,
  tie,
  owner,
  kind,
  skipped,
  draw,
}: typeof planned): string {
  const engine = new Engine({ seed: 1, recipe: [] });
  const owners = [
    engine.root,
    new Incarnation(1, ipA, 1),
    new Incarnation(2, ipB, 1),
  ];
  const schedule = (
    due: number,
    tieOfIt: number,
    ownerId: number,
    kindOfIt: number,
  ): number =>
    engine.queue.schedule(
      due,
      tieOfIt,
      owners[ownerId] as Incarnation,
      kindOfIt,
      nothing,
      undefined,
    );
  schedule(1, 1, 0, EventKind.driver);
  for (let index = 0; index < skipped; index += 1)
    engine.cancel(schedule(2, 1, 0, EventKind.driver));
  schedule(time, tie, owner, kind);
  if (draw > 0) engine.stream("any").uint32();
  fireAll(engine);
  schedule(engine.nowMicros + 0x10_0000_0000 - time, 1, 0, EventKind.driver);
  fireAll(engine);
  return engine.fingerprint.toString();
}

function fireAll(engine: Engine): void {
  while (engine.fire()) engine.finish();
}

function nothing(): void {
  // Only that it happens matters here.
}
