/** The judge of balanced streams, judged: what it must not let pass, whether or not a server ever does it. */
import test from "ava";

import type { InvariantView } from "../../../src/runner/index.ts";
import type { StreamEvent } from "./suite/events.ts";
import { streamInvariant } from "./suite/stream-invariant.ts";

/** Show it these events of one stream, in order. */
function judge(events: readonly Record<string, unknown>[]): void {
  const left = events.map((event) => ({
    event: { id: "a", ...event } as unknown as StreamEvent,
  }));
  const view = { next: () => left.shift() } as unknown as InvariantView;
  streamInvariant().check(view);
}

const opened = { kind: "opened", count: 2 };
const ran = { kind: "ran", server: 1 };
const sent = (index: number): object => ({ kind: "sent", index });
const got = (index: number, server = 1): object => ({
  ...{ kind: "got", index, server },
});
const over = (how: string, ...told: number[]): object => ({
  ...{ kind: "over", how, told },
});
const whole = [opened, ran, sent(0), sent(1), got(0), got(1)];

/** What is wrong with it, what it is told to be, and what happened. */
const wrong: readonly [string, RegExp, readonly object[]][] = [
  ["opened twice", /opened twice/, [opened, opened]],
  ["opened by nobody", /nobody opened/, [ran]],
  ["run by two servers", /ran twice/, [opened, ran, { ...ran, server: 2 }]],
  ["sent out of order", /sends 1 after 0/, [opened, ran, sent(1)]],
  ["mixed", /got one of 2/, [opened, ran, sent(0), got(0, 2)]],
  ["got out of order", /got 1 instead/, [opened, ran, sent(0), got(1)]],
  ["got before it was sent", /nobody sent/, [opened, ran, got(0)]],
  ["got twice", /got 0 instead of 1/, [...whole.slice(0, 5), got(0)]],
  ["read after its end", /after its end/, [...whole, over("left"), got(2)]],
  ["ended twice", /ended twice/, [...whole, over("left"), over("maybe")]],
  ["complete too soon", /after 1/, [...whole.slice(0, 5), over("complete", 1)]],
  ["run, and not sent", /not to have been/, [opened, ran, over("not_sent")]],
  ["not sent, and run", /runs, and/, [opened, over("not_sent"), ran]],
  ["told of by another", /told of 2/, [...whole, over("complete", 2)]],
  ["complete in silence", /nothing came/, [...whole, over("complete")]],
];
for (const [what, message, events] of wrong)
  test(`a balanced stream that is ${what} is found out`, (t) => {
    t.throws(() => judge(events as Record<string, unknown>[]), { message });
  });

test("a balanced stream that keeps what is promised is let pass", (t) => {
  const good = [over("complete", 1), over("left"), over("maybe")];
  for (const end of good)
    t.notThrows(() => judge([...whole, end] as Record<string, unknown>[]));
});
