/** The bank in the tank. The simulations beside this file differ only in the mistakes that the bank makes. */
import { isStorageError } from "wavetank";
import { SimulationBuilder } from "wavetank/sim";

import { startBank } from "./bank.ts";
import type { Mistakes } from "./ledger.ts";
import { bankPort, Transfers } from "./transfers.ts";

/** One to three banks, two clients, and everything that can break. */
export function bankSimulation(
  name: string,
  mistakes: Mistakes = {},
): SimulationBuilder {
  // A bank that cannot read its journal does not start, and is started again: such a crash is expected.
  return new SimulationBuilder(name)
    .processes("bank", { count: [1, 3] }, (ctx) =>
      startBank(ctx.providers, ctx.address(bankPort), mistakes),
    )
    .workload(() => new Transfers())
    .workload(() => new Transfers())
    .chaos({ network: "swarm", storage: "swarm", attrition: { maxDead: 1 } })
    .expectCrash(({ error }) => isStorageError(error))
    .phases({ chaosMs: 30_000, recoveryMs: 60_000 })
    .requireFaults("crash", "partition")
    .requireSometimes();
}
