/** What the parts of one transport share. */
import type { NetworkAddress, Providers } from "../core/index.ts";
import { encodeHandshake, FrameWriter } from "../wire/index.ts";
import { CallTable } from "./call-table.ts";
import type { Channel } from "./channel.ts";
import { DeadlineQueue } from "./deadline-queue.ts";
import { Dispatcher } from "./dispatcher.ts";
import type { EndpointMap } from "./endpoint-map.ts";
import { newTransportCounters, type TransportCounters } from "./metrics.ts";
import type { TransportConfig } from "./transport-config.ts";

export interface Shared {
  readonly providers: Providers;
  readonly config: Readonly<TransportConfig>;
  readonly counters: TransportCounters;
  readonly calls: CallTable;
  readonly deadlines: DeadlineQueue;
  readonly dispatcher: Dispatcher;
  /** One for all connections: each fills it and takes all of it in one go. */
  readonly writer: FrameWriter;
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
  own: {
    readonly endpoints: EndpointMap;
    readonly speaker: { readonly incarnation: bigint; readonly address: NetworkAddress | undefined };
  },
): Shared {
  const deadlines = new DeadlineQueue(providers.time);
  const calls = new CallTable(providers, deadlines);
  const counters = newTransportCounters();
  const { incarnation, address } = own.speaker;
  const greeting = encodeHandshake({ payloadSizeMax: config.payloadSizeMax, incarnation, address });
  return {
    providers,
    config,
    counters,
    calls,
    deadlines,
    dispatcher: new Dispatcher(own.endpoints, calls, counters),
    writer: new FrameWriter(),
    channels: new Set(),
    greeting,
    nextEpoch: 1,
  };
}
