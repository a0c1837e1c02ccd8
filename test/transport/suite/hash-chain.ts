/** Replicated hash chains: servers that come and go, clients that know exactly what the chains must be. */
import {
  type Invariant,
  SimulationBuilder,
} from "../../../src/runner/index.ts";
import { ChainClient } from "./hash-chain-client.ts";
import { startChainServer } from "./hash-chain-server.ts";
import {
  appended,
  type Chain,
  emptyChain,
  sameChain,
} from "./hash-chain-state.ts";
import { appendedBlocks } from "./hash-chain-wire.ts";

/** Computes every chain again from what the servers say they did: no gap, no fork, one block at a time. */
const chainInvariant = (): Invariant => {
  const chains = new Map<string, Chain>();
  return {
    name: "chains have neither gaps nor forks",
    check(view) {
      for (
        let entry = view.next(appendedBlocks);
        entry !== undefined;
        entry = view.next(appendedBlocks)
      ) {
        const { life, client, block, chain } = entry.event;
        const key = `${life} ${client}`;
        const next = appended(chains.get(key) ?? emptyChain, block);
        if (!sameChain(next, chain))
          throw new Error(`block ${chain.length} of ${key} does not follow`);
        chains.set(key, next);
      }
    },
  };
};

export const hashChain: SimulationBuilder = new SimulationBuilder("hash chain")
  .processes("chain", { count: [1, 3] }, startChainServer)
  .workloads([1, 4], () => new ChainClient())
  .invariant(chainInvariant)
  .chaos({ network: "swarm", operations: "swarm", attrition: { maxDead: 1 } })
  .phases({ chaosMs: 10_000, recoveryMs: 60_000 });
