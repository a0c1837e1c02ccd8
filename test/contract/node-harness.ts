/** Two bundles of real providers on the loopback interface. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { nodeProviders } from "../../src/node/index.ts";
import type { ContractWorld, Harness } from "./contract.ts";

export const nodeHarness: Harness = {
  async run<T>(body: (world: ContractWorld) => Promise<T>): Promise<T> {
    const folder = await mkdtemp(join(tmpdir(), "wavetank-contract-"));
    try {
      return await body({
        a: nodeProviders({ dataFolder: join(folder, "a") }),
        b: nodeProviders({ dataFolder: join(folder, "b") }),
        addressOf: (_which, port) => `127.0.0.1:${port}`,
      });
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
};
