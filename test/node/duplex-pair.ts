/** Both ends of one connection as streams, in either world. */
import type { Connection, Providers } from "../../src/core/index.ts";
import {
  asDuplex,
  type ConnectionDuplex,
  type DuplexOptions,
} from "../../src/node/index.ts";
import { SimWorld } from "../../src/sim/index.ts";
import type { ContractWorld, Harness } from "../contract/contract.ts";
import { nodeHarness } from "../contract/node-harness.ts";
import { withPair } from "../contract/streams.ts";

const addresses = { a: "10.0.1.1", b: "10.0.1.2" } as const;

/** A simulated world of two machines. */
export const simHarness: Harness = {
  run<T>(body: (world: ContractWorld) => Promise<T>): Promise<T> {
    const world = new SimWorld({ seed: 7 });
    const a = world.providers(addresses.a);
    const b = world.providers(addresses.b);
    const addressOf = (which: "a" | "b", port: number): string =>
      `${addresses[which]}:${port}`;
    return world.run(() => body({ a, b, addressOf }));
  },
};

/** A simulated world, and the loopback interface. */
export const harnesses: readonly (readonly [who: string, harness: Harness])[] =
  [
    ["sim", simHarness],
    ["tcp", nodeHarness],
  ];

export interface DuplexPair {
  /** The end that connected, as a stream. */
  readonly duplex: ConnectionDuplex;
  /** The other end, bare. */
  readonly peer: Connection;
  readonly providers: Providers;
}

/** One end as a stream and the other as it is, so that each is seen by the other. */
export function withDuplex<T>(
  harness: Harness,
  options: DuplexOptions,
  use: (pair: DuplexPair) => Promise<T>,
): Promise<T> {
  return harness.run((world) =>
    withPair(world, async ({ client, server }) => {
      const duplex = asDuplex(client, { time: world.b.time, ...options });
      try {
        return await use({ duplex, peer: server, providers: world.b });
      } finally {
        duplex.on("error", ignore).destroy();
      }
    }),
  );
}

/** What an emitter emits, in order, of the events that are asked for. */
export function record(
  duplex: ConnectionDuplex,
  ...events: string[]
): string[] {
  const seen: string[] = [];
  for (const event of events) {
    duplex.on(event, (value: unknown) =>
      seen.push(value instanceof Error ? `${event} ${codeOf(value)}` : event),
    );
  }
  return seen;
}

/** The code of an error, as libraries look at it. */
export function codeOf(error: unknown): string {
  return (error as { code?: string }).code ?? String(error);
}

/** Resolves when the stream has emitted its last event. */
export function closed(duplex: ConnectionDuplex): Promise<void> {
  return new Promise((resolve) => {
    if (duplex.closed) process.nextTick(resolve);
    else duplex.once("close", resolve);
  });
}

/** Everything up to the end of the stream, which is not destroyed for that. */
export function collect(duplex: ConnectionDuplex): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  return new Promise((resolve, reject) => {
    duplex.on("data", (chunk: Uint8Array) => chunks.push(chunk));
    duplex.once("end", () => resolve(Buffer.concat(chunks)));
    duplex.once("error", reject);
  });
}

function ignore(): void {
  // The test is over.
}
