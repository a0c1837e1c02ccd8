/** What fault injectors can do to processes. */
import { checkAddresses, type FaultGround } from "./fault-ground.ts";
import type { ComesBack, RebootKind, RebootRanges } from "./reboot.ts";

/** How a process is taken down that does not come back by itself. */
export interface KillOptions {
  /** Default `crash`. */
  readonly kind?: RebootKind;
  /** Stays away even when everything is healed, and nobody waits for it. Default false. */
  readonly forGood?: boolean;
}

/**
 * Everything that breaks says whether it did, or whom it struck: nobody who is down already, nobody once chaos is over,
 * and nobody over a fault budget. An address at which nobody lives is refused. Groups go down at the same instant and come back at the same instant; of groups, who is down is left out.
 */
export interface ProcessFaults {
  /** The addresses of all processes, dead or alive, in order. */
  readonly processIps: readonly string[];
  /** Processes that are down, or asked to go down, at this instant. */
  readonly deadCount: number;
  isAlive(ip: string): boolean;
  /** Take a process down; it comes back after a while. */
  reboot(ip: string, kind: RebootKind): boolean;
  rebootWithDelays(ip: string, kind: RebootKind, delays: RebootRanges): boolean;
  /** Any process that is up, by chance. */
  rebootRandom(kind: RebootKind): string | undefined;
  /** All processes with this label. Throws for a key that no process has. */
  rebootTagged(key: string, value: string, kind: RebootKind): string[];
  /** All processes on a machine of the cluster. Throws for one that does not exist. */
  rebootMachine(machine: string, kind: RebootKind): string[];
  rebootZone(zone: string, kind: RebootKind): string[];
  rebootDataCentre(dataCentre: string, kind: RebootKind): string[];
  /** Any processes, as one group. */
  rebootGroup(
    ips: readonly string[],
    kind: RebootKind,
    delays?: RebootRanges,
  ): string[];
  /** Take a process down until `bringBack`, or until everything is healed at the end of chaos. */
  kill(ip: string, options?: KillOptions): boolean;
  /** As `kill`, for any processes as one group. */
  killGroup(ips: readonly string[], options?: KillOptions): string[];
  /** Boot a process that is down, now. False when it is not. */
  bringBack(ip: string): boolean;
  /** Let a process stand still for so long. */
  stall(ip: string, ms: number): boolean;
}

/** Hands for processes, less the count of the dead, which changes. */
export function processFaults(
  ground: FaultGround,
): Omit<ProcessFaults, "deadCount"> {
  const { world, cluster, topology, signal, random, account } = ground;
  const { tags, machines } = topology;
  const processIps = topology.processes.map(({ ip }) => ip);
  const isAlive = (ip: string): boolean => cluster.isAlive(ip);
  const group = (
    ips: readonly string[],
    kind: RebootKind,
    delays?: RebootRanges,
  ): string[] => takeDown(ground, ips, { kind, delays });
  const one = (ip: string, kind: RebootKind, delays?: RebootRanges): boolean =>
    group([ip], kind, delays).length > 0;
  return {
    processIps,
    isAlive,
    reboot: one,
    rebootWithDelays: one,
    rebootRandom: (kind) => {
      const alive = processIps.filter(isAlive);
      if (signal.aborted || alive.length === 0) return undefined;
      return group([random.pick(alive)], kind)[0];
    },
    rebootTagged: (key, value, kind) => group(tags.ipsTagged(key, value), kind),
    rebootMachine: (id, kind) => group(machines.ipsOnMachine(id), kind),
    rebootZone: (id, kind) => group(machines.ipsInZone(id), kind),
    rebootDataCentre: (id, kind) => group(machines.ipsInDataCentre(id), kind),
    rebootGroup: group,
    kill: (ip, options) => kill(ground, [ip], options).length > 0,
    killGroup: (ips, options) => kill(ground, ips, options),
    bringBack: (ip) => {
      checkAddresses(ground, [ip]);
      return cluster.bringBack(ip);
    },
    stall: (ip, ms) => {
      checkAddresses(ground, [ip]);
      if (signal.aborted || !account.permits({ processes: [ip] })) return false;
      return world.stall(ip, ms);
    },
  };
}

function kill(
  ground: FaultGround,
  ips: readonly string[],
  { kind = "crash", forGood = false }: KillOptions = {},
): string[] {
  const comesBack = forGood ? "never" : "when_healed";
  return takeDown(ground, ips, { kind, comesBack });
}

/** Take down, in one instant and for as long, whoever of these is up. */
function takeDown(
  ground: FaultGround,
  ips: readonly string[],
  how: {
    readonly kind: RebootKind;
    readonly delays?: RebootRanges | undefined;
    readonly comesBack?: ComesBack;
  },
): string[] {
  checkAddresses(ground, ips);
  const { cluster, signal, drawDelays, account } = ground;
  const alive = ips.filter((ip) => cluster.isAlive(ip));
  if (signal.aborted || alive.length === 0) return [];
  const { kind, comesBack = "by_itself" } = how;
  const disks = kind === "crash_and_wipe" ? alive : [];
  if (!account.permits({ processes: alive, disks })) return [];
  account.wiped(disks);
  const fall = { kind, comesBack, delays: drawDelays(how.delays) };
  return alive.filter((ip) => cluster.takeDown(ip, fall));
}
