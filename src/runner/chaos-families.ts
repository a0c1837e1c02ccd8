/** Families of faults that take part when the chaos of network or disk is on, and which of them a user has switched off. */
import type { RandomProvider } from "../core/index.ts";
import { SimulationError } from "../sim/index.ts";
import type { ChaosMode } from "./chaos.ts";

/**
 * Each takes part in every seed of `random` and in half of the seeds of `swarm`, unless it is `false` here. Switching
 * one off changes nothing about the others: a seed keeps its weather, less that family.
 */
export interface FamilySwitches {
  /** Latencies of another shape and size than a data centre's. */
  latency?: boolean;
  /** Machines that are far from others for good. */
  distance?: boolean;
  /** A way back that takes longer than the way there. */
  asymmetry?: boolean;
  /** Links that carry only so much. */
  bandwidth?: boolean;
  /** Connects that are refused although somebody listens. */
  refusals?: boolean;
  /** Connects that nobody answers. */
  hangs?: boolean;
  /** Connections that break by themselves, told or silently. */
  randomCloses?: boolean;
  /**
   * Bits that are flipped on the way. The only fault that changes what a stream says: switch it off for protocols
   * without checksums of their own, as HTTP/1.1 is, which trust TCP.
   */
  bitFlips?: boolean;
  /** Writes that arrive in many pieces. */
  partialWrites?: boolean;
  /** Reads that yield less than there is. */
  partialReads?: boolean;
  /** Datagrams that are lost, doubled or overtaken. */
  datagrams?: boolean;
  /** Clocks of `timer()` that run ahead. */
  clockDrift?: boolean;
  /** Wall clocks that run at a wrong rate. */
  clockRates?: boolean;
  /** Wall clocks that jump. */
  clockSteps?: boolean;
  /** Timers that fire late. */
  lateTimers?: boolean;
  /** What is due at the same instant happens in a drawn order. */
  ties?: boolean;
  /** Disks of another speed; takes part when `storage` is not off. */
  diskSpeed?: boolean;
}

/** Families that take part when the disk's chaos is on. */
export interface StorageFamilySwitches {
  /** Wrong bits in what a crash interrupted, beyond torn sectors. */
  crashFaults?: boolean;
  /** Sectors that go bad, silently. As all damage, only where `damagedCopiesMax` lets it. */
  readFaults?: boolean;
  /** Sectors that are stored wrong, silently. Damage. */
  writeFaults?: boolean;
  /** Reads that yield what is elsewhere. Damage. */
  misdirectedReads?: boolean;
  /** Writes that go elsewhere. Damage. */
  misdirectedWrites?: boolean;
  /** Writes that are reported and not made. Damage. */
  phantomWrites?: boolean;
  /** Syncs that fail. */
  syncFailures?: boolean;
  /** Operations that fail. */
  ioErrors?: boolean;
  /** Writes for which there is no room. */
  fullDisks?: boolean;
  /** Streaming reads and writes that do less than they were asked for. */
  shortOperations?: boolean;
  /** Devices that stand still for a while. */
  diskStalls?: boolean;
  /** Devices that are slow for a while. */
  diskThrottles?: boolean;
}

/** Families that injectors inflict. They have options of their own, which `false` replaces. */
export type InjectorFamily =
  "attrition" | "partitions" | "clogs" | "connections" | "stalls";
export type Family =
  keyof FamilySwitches | keyof StorageFamilySwitches | InjectorFamily;

/** How many families a seed of a swarm has: none (`buggify` sites and knobs rest too), all, or each with a fair coin. */
export type SwarmMood = "calm" | "everything" | "mixed";

/** Of so many seeds one is calm, and one has everything; the rest leave each family on in half of them. */
const seedsPerExtreme = 20;

export function drawMood(random: RandomProvider): SwarmMood {
  const at = random.below(seedsPerExtreme);
  if (at === 0) return "calm";
  return at === 1 ? "everything" : "mixed";
}

/** Whether a family takes part in this seed. Ask once for each, always in the same order. */
export type FamilyMask = (family: Family) => boolean;

/** The switches by name, for those who refuse unknown options. */
export const familySwitches: readonly (
  keyof FamilySwitches | keyof StorageFamilySwitches
)[] = [
  ...(["latency", "distance", "asymmetry", "bandwidth"] as const),
  ...(["refusals", "hangs", "randomCloses", "bitFlips"] as const),
  ...(["partialWrites", "partialReads", "datagrams"] as const),
  ...(["clockDrift", "clockRates", "clockSteps", "lateTimers"] as const),
  ...(["ties", "diskSpeed"] as const),
  ...(["crashFaults", "readFaults", "writeFaults"] as const),
  ...(["misdirectedReads", "misdirectedWrites", "phantomWrites"] as const),
  ...(["syncFailures", "ioErrors", "fullDisks", "shortOperations"] as const),
  ...(["diskStalls", "diskThrottles"] as const),
];

/** What a user says about families: `false` switches one off, anything else leaves it to the mode. */
export type FamilyWishes = Readonly<Partial<Record<Family, unknown>>>;

/** What decides about families in one seed. */
export interface MaskParts {
  readonly mode: ChaosMode;
  /** Only a swarm has one. */
  readonly mood: SwarmMood | undefined;
  readonly wishes: FamilyWishes;
}

/** None in `off`, all in `random`, and in `swarm` as the mood is; less those that were switched off. */
export function familyMask(
  random: RandomProvider,
  { mode, mood, wishes }: MaskParts,
): FamilyMask {
  return (family) => {
    if (mode === "off") return false;
    // The coin first: what is switched off must not change what is drawn for the others.
    const coin = random.bool();
    const takesPart = mode === "swarm" ? inMood(mood, coin) : true;
    return takesPart && wishes[family] !== false;
  };
}

function inMood(mood: SwarmMood | undefined, coin: boolean): boolean {
  return mood === "everything" || (mood !== "calm" && coin);
}

/** Refuse switches that are neither on nor off. */
export function checkFamilySwitches(wishes: FamilyWishes): void {
  for (const option of familySwitches) {
    const value = wishes[option];
    if (value === undefined || typeof value === "boolean") continue;
    const message = `chaos option ${option} cannot be ${JSON.stringify(value)}: false switches the family off, true leaves it on`;
    throw new SimulationError("bad_option", message, { option, value });
  }
}
