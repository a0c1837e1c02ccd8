/** Servers that can stand in for each other. */
import { shown } from "../../base/shown.ts";
import type { NetTransport } from "../../transport/index.ts";
import { BackupBudget } from "./backup-budget.ts";
import {
  type BalanceConfig,
  type BalanceOptions,
  resolveBalanceConfig,
} from "./balance-config.ts";
import { type Choice, choose } from "./choice.ts";
import { type PoolMetrics, poolMetrics } from "./pool-metrics.ts";
import { type PoolAddress, PoolMember } from "./pool-member.ts";

/**
 * The servers of a service, or of several, and what is known of each: how busy, how fast, whether in reach. Balanced
 * clients that share a pool learn from each other.
 *
 * 1. The list is replaced as a whole. Calls that run go on; what is known of a server that stays is kept.
 * 2. A server that cannot be reached is tried whenever a call would have liked to ask it, and at no other time: at rest
 *    a pool holds no timer and no connection.
 */
export class EndpointPool {
  readonly transport: NetTransport;
  readonly config: Readonly<BalanceConfig>;
  readonly budget: BackupBudget | undefined;
  #members: readonly PoolMember[] = [];
  readonly #listeners = new Set<() => void>();
  /** Since when no server has been in reach; `undefined` while one is. */
  #outageSinceMs: number | undefined;

  /** Throws `TypeError` or `RangeError` for bad options, `NetworkAddressParseError` for a bad address. */
  constructor(
    transport: NetTransport,
    addresses: readonly PoolAddress[],
    options?: BalanceOptions,
  ) {
    this.transport = transport;
    this.config = resolveBalanceConfig(options);
    const { backup } = this.config;
    this.budget = backup === false ? undefined : new BackupBudget(backup);
    this.update(addresses);
  }

  /** The servers, the nearest first. */
  get members(): readonly PoolMember[] {
    return this.#members;
  }

  /** From now on these are the servers. One that is named twice is there once; there may be none for a while. */
  update(addresses: readonly PoolAddress[]): void {
    if (!Array.isArray(addresses))
      throw new TypeError(
        `servers must be an array of addresses, not ${shown(addresses)}: write ["10.0.1.1:4500"]`,
      );
    const before = new Map(this.#members.map((member) => [member.key, member]));
    const now = new Map<string, PoolMember>();
    for (const address of addresses) {
      const { failureMonitor } = this.transport;
      const fresh = new PoolMember(address, this.config, failureMonitor);
      const member = before.get(fresh.key) ?? fresh;
      member.distance = fresh.distance;
      now.set(fresh.key, now.get(fresh.key) ?? member);
    }
    this.#members = [...now.values()].sort(
      (left, right) => left.distance - right.distance,
    );
    for (const listener of [...this.#listeners]) listener();
  }

  /** Whom to ask, and who would be next; nobody when all are out of reach or in `tried`. Draws from the transport's chance. */
  choose(tried: ReadonlySet<PoolMember>): Choice | undefined {
    const { time, random } = this.transport.providers;
    const nowMs = time.now();
    const { nearUnfitMax } = this.config;
    const terms = { tried, nowMs, random, nearUnfitMax };
    const choice = choose(this.#members, terms);
    if (choice !== undefined) this.#outageSinceMs = undefined;
    return choice;
  }

  /** Whether at least one server can be expected to answer. */
  get isInReach(): boolean {
    const nowMs = this.transport.providers.time.now();
    return this.#members.some((member) => {
      const fitness = member.fitness(nowMs);
      return fitness === "fit" || fitness === "suspended";
    });
  }

  /** What keeps the nearest server that is out of reach from being asked; `undefined` when all are in reach. */
  get trouble(): Error | undefined {
    if (this.#members.length === 0) return new Error("the pool has no servers");
    for (const { trouble } of this.#members)
      if (trouble !== undefined) return trouble;
    return undefined;
  }

  /** How long it is worth waiting for a server to come back: the longer they are away, the longer; but not for ever. */
  patienceMs(): number {
    const { patienceShare, patienceMsMin, patienceMsMax } = this.config;
    const nowMs = this.transport.providers.time.now();
    this.#outageSinceMs ??= nowMs;
    const shareMs = (nowMs - this.#outageSinceMs) * patienceShare;
    return Math.min(Math.max(shareMs, patienceMsMin), patienceMsMax);
  }

  /** Be told of news of any server and of changes of the list, and have all servers tried. Returns the way to stop. */
  watch(listener: () => void): () => void {
    const stops = this.#members.map((member) => member.watch(listener));
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
      for (const stop of stops) stop();
    };
  }

  /**
   * How much a request to a server is to count from now on, 1 or more: what a server that is busy with other things
   * reports, in its answers say, or what a health check found. Servers that are not in the pool are passed over.
   */
  setPenalty(address: PoolAddress, penalty: number): void {
    if (!(Number.isFinite(penalty) && penalty >= 1))
      throw new RangeError(
        `a penalty must be a number, 1 or more, not ${penalty}`,
      );
    const { failureMonitor } = this.transport;
    const { key } = new PoolMember(address, this.config, failureMonitor);
    const member = this.#members.find((other) => other.key === key);
    if (member !== undefined) member.load.penalty = penalty;
  }

  metrics(): PoolMetrics {
    const nowMs = this.transport.providers.time.now();
    return poolMetrics(this.#members, this.budget, nowMs);
  }
}
