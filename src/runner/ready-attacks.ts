/** Attacks that are ready to be added: `builder.attack(rollingRestart())`. */
import { withDefaults } from "../base/with-defaults.ts";
import { checkOptionNames, type MsRange } from "../sim/index.ts";
import type { AttackFactory } from "./attack.ts";
import {
  attritionInjector,
  pause,
  resolveAttrition,
  type Attrition,
} from "./attrition.ts";
import { clogInjector, resolveClogs, type Clogs } from "./chaos-clogs.ts";
import { badOption } from "./chaos-options.ts";
import type { FaultContext } from "./faults.ts";
import type { RebootKind } from "./reboot.ts";
import { checkVictimsExist, mayBeVictim, type Victims } from "./victims.ts";

/** How a deployment goes through all processes. */
export interface RollingRestart {
  /** Whom it restarts. Default: everybody. */
  victims: Victims;
  /** Default `graceful`. */
  kind: RebootKind;
  /** Pause before each round. Default 1 000–10 000. */
  pauseMs: MsRange;
  /** Pause between the return of one process and the fall of the next. Default 100–2 000. */
  betweenMs: MsRange;
  /** How long a graceful stop may take. Default 2 000–5 000. */
  graceMs: MsRange;
  /** How long each process stays down. Default 100–2 000: new code starts at once. */
  recoveryMs: MsRange;
}

export const defaultRollingRestart: Readonly<RollingRestart> = Object.freeze({
  victims: Object.freeze({}),
  kind: "graceful",
  pauseMs: [1_000, 10_000] as const,
  betweenMs: [100, 2_000] as const,
  graceMs: [2_000, 5_000] as const,
  recoveryMs: [100, 2_000] as const,
});

const kinds: readonly RebootKind[] = ["graceful", "crash", "crash_and_wipe"];

/** Restart one process after the other, in order, again and again: what every deployment does to a system. */
export function rollingRestart(
  given: Partial<RollingRestart> = {},
): AttackFactory {
  const what = "rolling restart";
  checkOptionNames(what, given, Object.keys(defaultRollingRestart));
  const config = withDefaults(defaultRollingRestart, given);
  for (const option of [
    ...(["pauseMs", "betweenMs", "graceMs", "recoveryMs"] as const),
  ]) {
    const [from, to] = config[option];
    if (!(from >= 0 && from <= to && Number.isFinite(to)))
      throw badOption(what, option, config[option]);
  }
  if (!kinds.includes(config.kind)) throw badOption(what, "kind", config.kind);
  return () => ({
    name: what,
    async attack(faults) {
      checkVictimsExist(config.victims, faults.topology);
      while (!faults.chaosShutdown.aborted) {
        await pause(faults, config.pauseMs);
        await restartAll(faults, config);
      }
    },
  });
}

async function restartAll(
  faults: FaultContext,
  config: Readonly<RollingRestart>,
): Promise<void> {
  const { kind, graceMs, recoveryMs } = config;
  for (const member of faults.topology.processes) {
    if (faults.chaosShutdown.aborted) return;
    if (!mayBeVictim(config.victims, member)) continue;
    faults.rebootWithDelays(member.ip, kind, { graceMs, recoveryMs });
    while (!faults.isAlive(member.ip) && !faults.chaosShutdown.aborted)
      await pause(faults, lookAgainMs);
    await pause(faults, config.betweenMs);
  }
}

/** How often to look whether a process is back. */
const lookAgainMs: MsRange = [50, 50];

/** Machines of the cluster fail as a whole. As `Attrition`, but by machine, and at most one machine at once by default. */
export function machineAttrition(
  given: Partial<Attrition> = {},
): AttackFactory {
  const { scope = "machine", ...rest } = given;
  resolveAttrition(given);
  return () => ({
    name: "machine attrition",
    attack: (faults) => {
      checkVictimsExist(rest.victims ?? {}, faults.topology);
      const sizes = faults.machines.groups(scope).map(({ ips }) => ips.length);
      const maxDead = given.maxDead ?? Math.max(0, ...sizes);
      const config = resolveAttrition({ ...rest, scope, maxDead });
      return attritionInjector(config).inject(faults);
    },
  });
}

/** Clogs without end, a quarter of them swizzled: as FoundationDB's `RandomClogging`. */
export function randomClogging(given: Partial<Clogs> = {}): AttackFactory {
  const config = resolveClogs(given);
  return () => ({
    name: "random clogging",
    attack: (faults) => {
      const { processes, workloads } = faults.topology;
      const ips = [...processes, ...workloads].map(({ ip }) => ip);
      return clogInjector(config, ips).inject(faults);
    },
  });
}

/** Those that join seeds by themselves when `chaos` says so. */
export const readyAttacks: readonly AttackFactory[] = [
  rollingRestart(),
  machineAttrition(),
  randomClogging(),
];
