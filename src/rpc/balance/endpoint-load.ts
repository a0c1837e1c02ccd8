/** What is known of how busy one server is. */
import type { BalanceConfig } from "./balance-config.ts";
import { type OpenRequest, OverdueRequests } from "./overdue-requests.ts";
import { SmoothedNumber } from "./smoothed-number.ts";
import { Suspension } from "./suspension.ts";

/**
 * How a request ended.
 *
 * - `answered`: the latency of the server is known.
 * - `refused`: it wants others to be asked.
 * - `lost`: it could not be sent, or its connection broke.
 * - `abandoned`: nobody waited any longer, so the latency is more than the time it took.
 */
export type RequestEnd = "answered" | "refused" | "lost" | "abandoned";

/** What happened so far. */
export interface EndpointCounters {
  /** Requests sent there, of every sort. */
  requests: number;
  /** Of those: not the first of their call, because an earlier one failed. */
  retries: number;
  /** Of those: sent while an earlier one was still out. */
  backups: number;
  /** Backups that were answered first. */
  backupsWon: number;
  /** Requests that ended without an answer, losers of a race aside. */
  failures: number;
}

/**
 * The queue model of one server.
 *
 * 1. Every request that is started is ended once: at rest nothing is outstanding.
 * 2. The server with the lower `score` is the better one to ask.
 * 3. Only answers say how fast a server is; what was abandoned says how fast it is not, for a while.
 *
 * After FoundationDB's `QueueModel` (`fdbrpc/QueueModel.cpp`).
 */
export class EndpointLoad {
  readonly counters: EndpointCounters = {
    requests: 0,
    retries: 0,
    backups: 0,
    backupsWon: 0,
    failures: 0,
  };
  /** Requests that are out. */
  outstanding = 0;
  /** How much a request to this server counts, 1 or more: what it reported of its own state. */
  penalty = 1;
  readonly #latencyWeight: number;
  readonly #smoothed: SmoothedNumber;
  readonly #overdue: OverdueRequests;
  readonly #suspension: Suspension;
  #measuredMs: number;
  #isMeasured = false;

  constructor(config: Readonly<BalanceConfig>) {
    this.#latencyWeight = config.latencyWeight;
    this.#measuredMs = config.latencyMsInitial;
    this.#smoothed = new SmoothedNumber(config.smoothingMs);
    this.#overdue = new OverdueRequests(config.smoothingMs);
    this.#suspension = new Suspension(config);
  }

  /** Outstanding requests by weight, smoothed, and those that are overdue. */
  score(nowMs: number): number {
    return this.#smoothed.at(nowMs) + this.#overdue.weight(nowMs);
  }

  /** How long an answer is expected to take, in milliseconds. */
  latencyMs(nowMs: number): number {
    return Math.max(this.#measuredMs, this.#overdue.atLeastMs(nowMs));
  }

  /** How much longer it is to be left alone. */
  suspendedForMs(nowMs: number): number {
    return this.#suspension.remainingMs(nowMs);
  }

  start(nowMs: number): OpenRequest {
    const { penalty: weight } = this;
    this.counters.requests += 1;
    this.outstanding += 1;
    this.#smoothed.add(weight, nowMs);
    return { startedMs: nowMs, weight };
  }

  end(request: OpenRequest, how: RequestEnd, nowMs: number): void {
    this.#remove(request, nowMs);
    const tookMs = nowMs - request.startedMs;
    if (how === "answered") this.#answered(request.startedMs, tookMs);
    else if (how === "refused") this.#suspension.refused(nowMs);
    else if (how === "abandoned" && tookMs > this.#measuredMs)
      this.#overdue.add(request, nowMs);
  }

  /** A stream has ended, whose length says nothing about the server. */
  endStream(request: OpenRequest, nowMs: number): void {
    this.#remove(request, nowMs);
  }

  #remove({ weight }: OpenRequest, nowMs: number): void {
    this.outstanding -= 1;
    this.#smoothed.add(-weight, nowMs);
  }

  #answered(startedMs: number, tookMs: number): void {
    const share = this.#isMeasured ? this.#latencyWeight : 1;
    this.#measuredMs += (tookMs - this.#measuredMs) * share;
    this.#isMeasured = true;
    this.#overdue.answered(startedMs);
    this.#suspension.answered();
  }
}
