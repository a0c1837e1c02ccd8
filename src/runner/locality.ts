/** Where processes stand: machines in zones in data centres, which fail as a whole. */
import { withDefaults } from "../base/with-defaults.ts";
import type { RandomProvider } from "../core/index.ts";
import { checkOptionNames, SimulationError } from "../sim/index.ts";
import { checkCount, drawCount, type Count } from "./count.ts";

/** The place of a process. Ids tell what is inside what: `dc1`, `dc1-z2`, `dc1-z2-m1`. */
export interface Locality {
  readonly dataCentre: string;
  readonly zone: string;
  readonly machine: string;
}

/** How large a cluster is. Each number is fixed, or drawn for each seed; 1 or more. */
export interface ClusterLayout {
  /** Default 1. */
  dataCentres: Count;
  /** Default 1. */
  zonesPerDataCentre: Count;
  /** Default 1. */
  machinesPerZone: Count;
  /** Of each kind that does not say otherwise. Default 1. */
  processesPerMachine: Count;
}

export const defaultClusterLayout: Readonly<ClusterLayout> = Object.freeze({
  dataCentres: 1,
  zonesPerDataCentre: 1,
  machinesPerZone: 1,
  processesPerMachine: 1,
});

export function resolveClusterLayout(
  given: Partial<ClusterLayout>,
): Readonly<ClusterLayout> {
  checkOptionNames("a cluster", given, Object.keys(defaultClusterLayout));
  const layout = withDefaults(defaultClusterLayout, given);
  for (const [option, count] of Object.entries(layout))
    checkCount("a cluster", { option, count: count as Count });
  return Object.freeze(layout);
}

/** Draw the size of a cluster, and name its machines, those of one zone side by side. */
export function layOut(
  layout: Readonly<ClusterLayout>,
  random: RandomProvider,
): readonly Locality[] {
  const dataCentres = drawCount(random, layout.dataCentres);
  const zones = drawCount(random, layout.zonesPerDataCentre);
  const machines = drawCount(random, layout.machinesPerZone);
  return numbered("dc", dataCentres).flatMap((dataCentre) =>
    numbered(`${dataCentre}-z`, zones).flatMap((zone) =>
      numbered(`${zone}-m`, machines).map((machine) => ({
        dataCentre,
        zone,
        machine,
      })),
    ),
  );
}

function numbered(prefix: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${prefix}${index + 1}`);
}

/** What fails as a whole: one process, or all on a machine, in a zone, in a data centre. */
export type FaultScope = "process" | "machine" | "zone" | "data_centre";

export const faultScopes: readonly FaultScope[] = [
  "process",
  "machine",
  "zone",
  "data_centre",
];

/** Processes that fail together. */
export interface FaultGroup {
  /** That of the machine, zone or data centre; the address of a process that stands by itself. */
  readonly id: string;
  readonly ips: readonly string[];
}

/** Who stands where, as the registry needs to know it. */
interface Placed {
  readonly ip: string;
  readonly locality: Locality | undefined;
}

/**
 * Which process is on which machine, in which zone and data centre. A process outside of the cluster has no locality;
 * it fails alone in every scope.
 */
export class MachineRegistry {
  readonly #placed: readonly Placed[];

  constructor(placed: readonly Placed[]) {
    this.#placed = placed;
  }

  /** The ids of all machines, in order. */
  get machines(): string[] {
    return this.#ids("machine");
  }

  get zones(): string[] {
    return this.#ids("zone");
  }

  get dataCentres(): string[] {
    return this.#ids("data_centre");
  }

  /** Where a process stands; `undefined` outside of the cluster, and where there is no process. */
  localityOf(ip: string): Locality | undefined {
    return this.#placed.find((placed) => placed.ip === ip)?.locality;
  }

  ipsOnMachine(machine: string): string[] {
    return this.#ipsIn("machine", machine);
  }

  ipsInZone(zone: string): string[] {
    return this.#ipsIn("zone", zone);
  }

  ipsInDataCentre(dataCentre: string): string[] {
    return this.#ipsIn("data_centre", dataCentre);
  }

  /** All processes, in groups that fail together. */
  groups(scope: FaultScope): readonly FaultGroup[] {
    const groups = new Map<string, string[]>();
    for (const { ip, locality } of this.#placed) {
      const id = idIn(locality, scope) ?? ip;
      groups.set(id, [...(groups.get(id) ?? []), ip]);
    }
    return [...groups].map(([id, ips]) => ({ id, ips }));
  }

  #ids(scope: FaultScope): string[] {
    const ids = this.#placed.map(({ locality }) => idIn(locality, scope));
    return [...new Set(ids)].filter((id) => id !== undefined);
  }

  /** Throws for an id that does not exist: nobody would ever be struck, and nobody would know. */
  #ipsIn(scope: FaultScope, id: string): string[] {
    const found = this.#placed.filter(
      ({ locality }) => idIn(locality, scope) === id,
    );
    if (found.length > 0) return found.map(({ ip }) => ip);
    const what = scope.replace("_", " ");
    const message = `there is no ${what} "${id}" here, only ${this.#ids(scope).join(", ") || "processes outside of any cluster"}`;
    throw new SimulationError("bad_option", message, {
      option: what,
      value: id,
    });
  }
}

function idIn(
  locality: Locality | undefined,
  scope: FaultScope,
): string | undefined {
  switch (scope) {
    case "process":
      return undefined;
    case "machine":
      return locality?.machine;
    case "zone":
      return locality?.zone;
    case "data_centre":
      return locality?.dataCentre;
  }
}
