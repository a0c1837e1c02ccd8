/** The simulated providers keep the contracts. */
import test from "ava";

import { SimWorld } from "../../src/sim/index.ts";
import { allContracts } from "./all-contracts.ts";
import type { ContractWorld, Harness } from "./contract.ts";

const addresses = { a: "10.0.1.1", b: "10.0.1.2" } as const;

const simHarness: Harness = {
  run<T>(body: (world: ContractWorld) => Promise<T>): Promise<T> {
    const world = new SimWorld({ seed: 42 });
    const a = world.providers(addresses.a);
    const b = world.providers(addresses.b);
    const addressOf = (which: "a" | "b", port: number): string =>
      `${addresses[which]}:${port}`;
    return world.run(() => body({ a, b, addressOf }));
  },
};

allContracts(test, "sim", simHarness);
