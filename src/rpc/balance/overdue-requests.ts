/** Requests that nobody waits for any more, and that their server is probably still busy with. */

/** One request that is on its way to a server. */
export interface OpenRequest {
  readonly startedMs: number;
  /** How much it counts: the server's penalty when it began. */
  readonly weight: number;
}

interface Overdue extends OpenRequest {
  readonly tookMs: number;
  readonly untilMs: number;
}

/**
 * Remembers what was given up because it took too long: a server that stands still, whose requests are all cancelled for
 * others that were faster, would otherwise look idle and be asked again and again. FoundationDB does not cancel such
 * requests; here they stay in memory alone.
 *
 * 1. One that the server must be done with, as it has answered a later one, is forgotten.
 * 2. Any other is forgotten after eight times as long as it took, and twice as long for each one before it without an
 *    answer in between; but after `keptMsMax` at the latest.
 */
export class OverdueRequests {
  readonly #keptMsMax: number;
  #requests: readonly Overdue[] = [];
  #keptFactor = keptFactorMin;

  constructor(keptMsMax: number) {
    this.#keptMsMax = keptMsMax;
  }

  add(request: OpenRequest, nowMs: number): void {
    const tookMs = nowMs - request.startedMs;
    const keptMs = Math.min(tookMs * this.#keptFactor, this.#keptMsMax);
    this.#keptFactor = Math.min(this.#keptFactor * 2, keptFactorMax);
    const overdue = { ...request, tookMs, untilMs: nowMs + keptMs };
    this.#requests = [...this.#remembered(nowMs), overdue];
  }

  /** The server has answered what was sent then. */
  answered(startedMs: number): void {
    this.#keptFactor = keptFactorMin;
    if (this.#requests.length === 0) return;
    this.#requests = this.#requests.filter(
      (overdue) => overdue.startedMs > startedMs,
    );
  }

  /** What they add to the server's load. */
  weight(nowMs: number): number {
    let weight = 0;
    for (const overdue of this.#remembered(nowMs)) weight += overdue.weight;
    return weight;
  }

  /** How long the server takes at least, by what they took. */
  atLeastMs(nowMs: number): number {
    let atLeastMs = 0;
    for (const { tookMs } of this.#remembered(nowMs))
      atLeastMs = Math.max(atLeastMs, tookMs);
    return atLeastMs;
  }

  #remembered(nowMs: number): readonly Overdue[] {
    if (this.#requests.some(({ untilMs }) => untilMs <= nowMs))
      this.#requests = this.#requests.filter(({ untilMs }) => untilMs > nowMs);
    return this.#requests;
  }
}

const keptFactorMin = 8;
const keptFactorMax = 1_024;
