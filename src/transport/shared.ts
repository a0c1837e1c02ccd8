/** What the parts of one transport share. */
import type {
  NetworkAddress,
  Providers,
  RemoteAddress,
} from "../core/index.ts";
import {
  encodeHandshake,
  FrameWriter,
  type MutableToken,
} from "../wire/index.ts";
import { Company } from "./allowance.ts";
import { CallTable } from "./call-table.ts";
import type { Channel } from "./channel.ts";
import { DeadlineQueue } from "./deadline-queue.ts";
import { EndpointMap } from "./endpoint-map.ts";
import type { MutableRequestHead } from "./envelope.ts";
import { FailureMonitor } from "./failure-monitor.ts";
import { newTransportCounters, type TransportCounters } from "./metrics.ts";
import type { TransportConfig } from "./transport-config.ts";
import { UnfinishedFrames } from "./unfinished-frames.ts";
import { Visitors } from "./visitors.ts";

export interface Shared {
  readonly providers: Providers;
  readonly config: Readonly<TransportConfig>;
  readonly counters: TransportCounters;
  readonly endpoints: EndpointMap;
  readonly calls: CallTable;
  readonly failures: FailureMonitor;
  readonly deadlines: DeadlineQueue;
  /** When to look after connections. */
  readonly monitors: DeadlineQueue;
  readonly unfinished: UnfinishedFrames;
  /** Those who are read beside others. */
  readonly company: Company;
  /** How many connections each machine has made to us. */
  readonly visitors: Visitors;
  /** One for all connections: each fills it and takes all of it in one go. */
  readonly writer: FrameWriter;
  /** The token and the head of the frame at hand: one object each for all frames. */
  readonly token: MutableToken;
  readonly head: MutableRequestHead;
  /** Connections that are open, or about to be. */
  readonly channels: Set<Channel>;
  /** The payload of our handshake. */
  readonly greeting: Uint8Array;
  /** The number of the next connection. Never used twice. */
  nextEpoch: number;
}

export function createShared(
  providers: Providers,
  config: Readonly<TransportConfig>,
  speaker: {
    readonly incarnation: bigint;
    readonly address: NetworkAddress | undefined;
    /** Look after a remote, or no longer. */
    watch(address: RemoteAddress, isWatched: boolean): void;
  },
): Shared {
  const deadlines = new DeadlineQueue(providers.time);
  const monitors = new DeadlineQueue(providers.time);
  const { incarnation, address } = speaker;
  return {
    providers,
    config,
    counters: newTransportCounters(),
    endpoints: new EndpointMap(),
    calls: new CallTable(providers, deadlines),
    failures: new FailureMonitor(
      { time: providers.time, deadlines },
      (remote, isWatched) => speaker.watch(remote, isWatched),
    ),
    deadlines,
    monitors,
    unfinished: new UnfinishedFrames(config, monitors),
    visitors: new Visitors(),
    company: new Company(),
    writer: new FrameWriter(),
    token: newToken(),
    head: { kind: 0, flags: 0, remainingMs: 0, replyToken: newToken() },
    channels: new Set(),
    greeting: encodeHandshake({
      payloadSizeMax: config.payloadSizeMax,
      incarnation,
      address,
    }),
    nextEpoch: 1,
  };
}

function newToken(): MutableToken {
  return { a: 0, b: 0, c: 0, d: 0 };
}
