/** One call to whichever server is best. */
import { rejectedWhereAwaited } from "../await-site.ts";
import type { CallOptions } from "../call-options.ts";
import { onGivenUp } from "../call-terms.ts";
import type { Metadata } from "../metadata.ts";
import { RpcError } from "../rpc-error.ts";
import type { BalancedMethod, Question, Settle } from "./balanced-method.ts";
import { CallRounds } from "./call-rounds.ts";
import { CallTimer } from "./call-timer.ts";
import type { Choice } from "./choice.ts";
import { OutcomeOfTries } from "./outcome-of-tries.ts";
import type { PoolMember } from "./pool-member.ts";
import { listenerOf, Tries, type Try } from "./tries.ts";
import { endOf, verdictOn } from "./verdict.ts";

/**
 * Asks one server after the other, and sometimes two at once.
 *
 * ```
 * asking ──answer, or an error for the caller───────▶ settled
 *   │  ▲                                                 ▲
 *   │  └────pause over, or news of the servers───┐       │
 *   ├──all were asked, or none is in reach──▶ waiting    │
 *   │                                            │       │
 *   └──time is up, or the caller leaves──▶ ending ◀      │
 *                                            └──the last request has said how it ended
 * ```
 *
 * 1. At most two requests are out, and two only if the contract allows it.
 * 2. After a request that may have run, another is made only if the call may run twice.
 * 3. Who loses is cancelled. Once the call is settled nothing of it is left: no request, no timer, no listener.
 * 4. All tries share the call's deadline.
 */
export class BalancedCall {
  readonly #method: BalancedMethod;
  readonly #question: Question;
  readonly #settle: Settle;
  readonly #timer: CallTimer;
  readonly #rounds: CallRounds;
  readonly #outcome: OutcomeOfTries;
  readonly #tries: Tries;
  /** Who was asked in this round. */
  readonly #tried = new Set<PoolMember>();
  /** Makes the error of a call that only waits for its last request to say how it ended. */
  #ending: (() => unknown) | undefined;
  #unsubscribe: () => void = ignore;
  #stopWatching: () => void = ignore;

  constructor(method: BalancedMethod, question: Question, settle: Settle) {
    const { pool, fullName, mayBackUp } = method;
    this.#method = method;
    this.#question = question;
    this.#settle = settle;
    const { signal, parent } = question.options;
    const isRace = mayBackUp && pool.budget !== undefined;
    const mayCancel = isRace || signal !== undefined || parent !== undefined;
    this.#tries = new Tries(pool.transport.providers.time, mayCancel);
    this.#rounds = new CallRounds(pool.config);
    this.#outcome = new OutcomeOfTries(fullName, pool);
    this.#timer = new CallTimer(pool.transport, question.timeoutMs, () =>
      this.#timeIsUp(),
    );
  }

  start(): void {
    const { options } = this.#question;
    this.#unsubscribe = onGivenUp(options, (reason) => this.#cancelled(reason));
    this.#next();
  }

  /** Ask the best server that was not asked in this round. */
  #next(): void {
    const { pool, mayBackUp } = this.#method;
    const choice = pool.choose(this.#tried);
    if (choice === undefined) return this.#roundOver();
    this.#try(choice.first, false);
    if (mayBackUp) this.#planBackup(choice);
  }

  #planBackup({ first, other }: Choice): void {
    const { budget, transport } = this.#method.pool;
    // There may be nobody else, or the call's time may have been up.
    if (budget === undefined || other === undefined || this.#tries.size === 0)
      return;
    const nowMs = transport.providers.time.now();
    const delayMs = budget.delayMs(
      first.load.latencyMs(nowMs),
      other.load.latencyMs(nowMs),
    );
    if (delayMs === 0) this.#backUp();
    else this.#timer.ringAfter(delayMs, () => this.#backUp());
  }

  /** Ask somebody else as well, if there is somebody and it has not been done too often. */
  #backUp(): void {
    const { pool } = this.#method;
    const other = pool.choose(this.#tried)?.first;
    if (other !== undefined && pool.budget?.spend() === true)
      this.#try(other, true);
  }

  #try(member: PoolMember, isBackup: boolean): void {
    const { remainingMs } = this.#timer;
    if (remainingMs <= 0) return this.#timeIsUp();
    const attempt = this.#tries.begin(member, isBackup);
    if (this.#tries.count > 1) this.#traceAgain(attempt);
    this.#tried.add(member);
    const { request, options } = this.#question;
    const terms = {
      ...options,
      ...own,
      timeoutMs: remainingMs,
      signal: attempt.controller?.signal,
      onReplyMetadata: listenerOf(attempt, options.onReplyMetadata),
    };
    this.#method.ask(member, request, terms).then(
      (response) => this.#answered(attempt, response),
      (error: unknown) => this.#failed(attempt, error),
    );
  }

  #answered(attempt: Try, response: unknown): void {
    if (!this.#tries.end(attempt, "answered")) return;
    if (attempt.isBackup) attempt.member.load.counters.backupsWon += 1;
    else this.#method.pool.budget?.earn();
    this.#leave();
    this.#tell(attempt.metadata);
    this.#settle.resolve(response);
  }

  #failed(attempt: Try, error: unknown): void {
    const verdict = verdictOn(error, this.#method.mayRunTwice);
    if (!this.#tries.end(attempt, endOf[verdict])) return;
    this.#outcome.add(error, attempt.metadata);
    if (this.#ending !== undefined) return this.#endIfDone();
    if (verdict !== "answer") attempt.member.load.counters.failures += 1;
    if (verdict === "time_out") return this.#timeIsUp();
    if (verdict === "elsewhere") this.#rounds.refused();
    else if (verdict !== "next") return this.#raiseLast();
    if (this.#tries.size === 0) this.#next();
  }

  /** Nobody is left to be asked in this round. */
  #roundOver(): void {
    this.#tried.clear();
    if (!this.#method.pool.isInReach) return this.#waitForNews();
    const pauseMs = this.#rounds.next();
    if (pauseMs === undefined) return this.#raiseLast();
    this.#pause(pauseMs);
  }

  /** Go on after between half and all of that time, by chance: not all callers should come back at once. */
  #pause(ms: number): void {
    const { random } = this.#method.pool.transport.providers;
    const delayMs = ms * (0.5 + random.ratio() / 2);
    this.#timer.ringAfter(delayMs, () => this.#next());
  }

  /** No server is in reach: wait until one is. A call that may run twice has all its time for that. */
  #waitForNews(): void {
    const { pool, mayRunTwice } = this.#method;
    const { failedForMs = Infinity } = this.#question.options;
    const patienceMs = mayRunTwice ? failedForMs : pool.patienceMs();
    this.#stopWatching = pool.watch(() => {
      if (!pool.isInReach) return;
      this.#stopWatching();
      this.#pause(pool.config.roundDelayMs);
    });
    this.#timer.ringAfter(patienceMs, () =>
      this.#raise(this.#outcome.outOfReach(pool.members.length)),
    );
  }

  #timeIsUp(): void {
    const { timeoutMs } = this.#question;
    this.#endWith(() => this.#outcome.timeIsUp(timeoutMs));
  }

  #cancelled(reason: unknown): void {
    this.#endWith(() => this.#outcome.cancelled(reason));
  }

  /** Recall what is out; the call ends when all of it has said whether it was sent. */
  #endWith(error: () => unknown): void {
    this.#ending ??= error;
    this.#timer.stop();
    this.#stopWatching();
    this.#tries.recall();
    this.#endIfDone();
  }

  #endIfDone(): void {
    if (this.#tries.size === 0) this.#raise(this.#ending?.());
  }

  /** The last server's word is the call's. */
  #raiseLast(): void {
    if (this.#tell(this.#outcome.lastMetadata))
      this.#raise(this.#outcome.last());
  }

  /** The caller hears of the reply that its call ends with, and of no other. */
  #tell(metadata: Metadata | undefined): boolean {
    if (metadata === undefined) return true;
    try {
      this.#question.options.onReplyMetadata?.(metadata);
      return true;
    } catch (error) {
      this.#raise(error);
      return false;
    }
  }

  #raise(error: unknown): void {
    this.#leave();
    // What a listener threw knows where it comes from.
    if (!(error instanceof RpcError)) this.#settle.reject(error);
    else this.#settle.resolve(rejectedWhereAwaited(error));
  }

  /** The call is over: nothing of it stays. */
  #leave(): void {
    this.#timer.stop();
    this.#stopWatching();
    this.#unsubscribe();
    this.#tries.drop();
  }

  #traceAgain({ member, isBackup }: Try): void {
    const { fullName: method, pool } = this.#method;
    const { trace } = pool.transport.providers;
    if (!trace.enabled) return;
    const event = isBackup ? "rpc.backup" : "rpc.retry";
    trace.emit(event, { method, to: member.key });
  }
}

/** Options of the call that are not those of each try: this side looks after the servers itself. */
const own: CallOptions = { failedForMs: undefined };

function ignore(): void {
  // Nothing was begun, so there is nothing to stop.
}
