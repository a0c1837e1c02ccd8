/** Running simulations on the real providers of this machine. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { Providers } from "wavetank/core";
import { nodeProviders } from "wavetank/node";
import {
  NodeRunner,
  type NodeReport,
  type NodeRunnerOptions,
  type SimulationBuilder,
} from "wavetank/sim";

export type RealOptions = Partial<NodeRunnerOptions> & {
  /** Wraps each member's providers. */
  readonly wrap?: (providers: Providers) => Providers;
};

/** Run once, each member with a fresh folder of its own. */
export async function onNode(
  simulation: SimulationBuilder,
  { wrap = (same) => same, ...options }: RealOptions = {},
): Promise<NodeReport> {
  const root = await mkdtemp(join(tmpdir(), "wavetank-node-"));
  try {
    return await new NodeRunner(simulation, {
      providers: ({ name }, stop) =>
        wrap(nodeProviders({ dataFolder: join(root, name) }, { stop })),
      ...options,
    }).run();
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

/** Limits are over as soon as nothing else is ready: no test waits for them. */
export function hurried(providers: Providers): Providers {
  const { network, tasks, random, storage, trace, time } = providers;
  return {
    ...{ network, tasks, random, storage, trace },
    time: {
      now: () => time.now(),
      timer: () => time.timer(),
      wallClock: () => time.wallClock(),
      sleep: (ms, options) => time.sleep(ms, options),
      schedule: (_, callback) => time.schedule(0, callback),
    },
  };
}

/** `workload work: run: Error: boom` of everything that failed. */
export function nodeFailures({ results }: NodeReport): string[] {
  return results.flatMap(({ name, failures }) =>
    failures.map(({ part, message }) => `${name}: ${part}: ${message}`),
  );
}
