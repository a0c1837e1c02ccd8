/** What the hands of fault injectors work on. */
import type { RandomProvider, TimeProvider } from "../core/index.ts";
import { SimulationError, type SimWorld } from "../sim/index.ts";
import type { Cluster } from "./cluster.ts";
import type { DiskTroubles } from "./disk-faults.ts";
import type { FaultAccount } from "./fault-account.ts";
import type { RebootDelays, RebootRanges } from "./reboot.ts";
import type { Topology } from "./topology.ts";

export interface FaultGround {
  readonly world: SimWorld;
  readonly cluster: Cluster;
  readonly topology: Topology;
  readonly troubles: DiskTroubles;
  /** Asked before anything breaks. */
  readonly account: FaultAccount;
  /** Fires when chaos is over. Nothing may break from then on: whoever wakes up late must not undo the healing. */
  readonly signal: AbortSignal;
  /** Chance for the one whose hands these are. */
  readonly random: RandomProvider;
  /** The world's clock, as that one sees it. */
  readonly time: TimeProvider;
  /** How long a reboot takes for which not everything is said. */
  readonly drawDelays: (ranges?: RebootRanges) => RebootDelays;
}

/**
 * Refuse an address at which nobody lives: a name, or a slip, would break nothing, and count as if it had. Throws
 * `SimulationError` `bad_option`.
 */
export function checkAddresses(
  { topology }: Pick<FaultGround, "topology">,
  ips: readonly string[],
): void {
  for (const ip of ips) {
    if (topology.memberAt(ip) !== undefined) continue;
    throw new SimulationError(
      "bad_option",
      `nobody lives at "${ip}": faults take addresses, as ctx.processIps and ctx.topology have them`,
      { option: "address", value: ip },
    );
  }
}
