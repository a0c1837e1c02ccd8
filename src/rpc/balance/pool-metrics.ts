/** What a pool has seen, as plain data. */
import type { BackupBudget } from "./backup-budget.ts";
import type { EndpointCounters } from "./endpoint-load.ts";
import type { Fitness, PoolMember } from "./pool-member.ts";

/** One server of a pool. */
export interface EndpointMetrics extends Readonly<EndpointCounters> {
  /** `ip:port`, with the token of an instance. */
  readonly endpoint: string;
  readonly fitness: Fitness;
  /** 0 on the caller's machine, 1 in its zone, 2 in its data centre, 3 elsewhere. */
  readonly distance: number;
  /** Requests that are out. */
  readonly outstanding: number;
  /** The same by weight, smoothed: the fewer, the likelier the server is asked. */
  readonly score: number;
  /** How long an answer is expected to take. */
  readonly latencyMs: number;
  /** How much a request counts. */
  readonly penalty: number;
  /** How much longer it wants to be left alone. */
  readonly suspendedForMs: number;
}

export interface PoolMetrics {
  readonly endpoints: readonly EndpointMetrics[];
  /** Calls that the first server they asked answered. Of all time, those of servers that have left too; so are backups. */
  readonly firstAnswers: number;
  readonly backups: number;
  /** Backups that could be sent now, in fractions. */
  readonly backupsSaved: number;
  /** By how much the expected latency is multiplied before a backup is sent. */
  readonly backupFactor: number;
}

export function poolMetrics(
  members: readonly PoolMember[],
  budget: BackupBudget | undefined,
  nowMs: number,
): PoolMetrics {
  const endpoints = members.map((member): EndpointMetrics => {
    const { load, key: endpoint, distance } = member;
    const { outstanding, penalty } = load;
    return {
      ...load.counters,
      ...{ endpoint, distance, outstanding, penalty },
      fitness: member.fitness(nowMs),
      latencyMs: load.latencyMs(nowMs),
      score: load.score(nowMs),
      suspendedForMs: load.suspendedForMs(nowMs),
    };
  });
  const { saved = 0, factor = 1, counts = noCounts } = budget ?? {};
  return {
    endpoints,
    ...counts,
    backupsSaved: saved,
    backupFactor: factor,
  };
}

/** Where there are no backups, nothing is counted for them. */
const noCounts = { firstAnswers: 0, backups: 0 };
