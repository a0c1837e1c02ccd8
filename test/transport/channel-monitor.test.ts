/** The monitor of a connection on a clock that stands still: its timers then fire before it reads what has arrived. */
import test from "ava";

import { NetworkAddress } from "../../src/core/index.ts";
import {
  ChannelMonitor,
  type Monitored,
} from "../../src/transport/channel-monitor.ts";
import { DeadlineQueue } from "../../src/transport/deadline-queue.ts";
import { newTransportCounters } from "../../src/transport/metrics.ts";
import type { Shared } from "../../src/transport/shared.ts";
import { resolveTransportConfig } from "../../src/transport/transport-config.ts";
import { TestTime } from "./test-time.ts";

/** A connection at which somebody waits, and what its monitor did with it. */
function waited(): {
  time: TestTime;
  monitor: ChannelMonitor;
  pings: number[];
  ends: string[];
} {
  const time = new TestTime();
  const pings: number[] = [];
  const ends: string[] = [];
  const channel: Monitored = {
    arrivedMs: 0,
    role: "dialed",
    isWriting: false,
    remoteAddress: NetworkAddress.parse("10.0.0.1:1"),
    sendPing: (nonce) => pings.push(nonce),
    finish: ({ code }) => ends.push(code),
    break: ({ code }) => ends.push(code),
  };
  const shared = {
    providers: { time },
    config: resolveTransportConfig(),
    counters: newTransportCounters(),
    monitors: new DeadlineQueue(time),
  };
  const monitor = new ChannelMonitor(shared as unknown as Shared, channel);
  monitor.start();
  monitor.await(1);
  return { time, monitor, pings, ends };
}

test("a ping that is not answered in time ends the connection", (t) => {
  const { time, pings, ends } = waited();
  time.advance(1_000);
  t.is(pings.length, 1);
  time.advance(2_000);
  t.deepEqual(ends, ["ping_timed_out"]);
});

test("a process that stood still asks once more before it accuses anybody", (t) => {
  const { time, monitor, pings, ends } = waited();
  time.advance(1_000);
  time.stall(6_000);
  t.deepEqual(ends, [], "the answer may lie unread");
  t.is(pings.length, 2);
  monitor.pong(pings[1] as number);
  time.advance(999);
  t.deepEqual(ends, []);
});

test("a process that stood still accuses after all when its second ping is not answered", (t) => {
  const { time, ends } = waited();
  time.advance(1_000);
  time.stall(6_000);
  time.advance(2_000);
  t.deepEqual(ends, ["ping_timed_out"]);
});
