/** What is known of remotes: which answer, which do not, and which endpoints are gone for good. */
import {
  type RemoteAddress,
  onAbort,
  type TimeProvider,
} from "../core/index.ts";
import type { DeadlineQueue, Expiring } from "./deadline-queue.ts";
import {
  addressOf,
  AddressRecord,
  type FailedReason,
  type FailureStatus,
  type KnowledgeListener,
  type Watched,
} from "./address-record.ts";
import { type WaitForOptions, waitFor } from "./failure-wait.ts";
import type { PeerError } from "./peer-error.ts";

/** What tells the monitor how long something has lasted. */
export interface FailureClock {
  readonly time: TimeProvider;
  readonly deadlines: DeadlineQueue;
}

/**
 * Remembers how the last attempt at each remote went, and wakes those who wait for news.
 *
 * 1. A remote of which nothing is known is available, and so are we ourselves: whoever asks first must be able to try.
 * 2. An address fails when a connection to it cannot be made, or breaks; it is available again with the next one.
 * 3. An endpoint fails for good only if its token is unique to one life of its process, and that life does not know it
 *    or is over. Tokens that come from names never do: what is not served now may be served in a moment.
 * 4. Waits are on a state or a count, never on an edge alone, so none is missed.
 * 5. Somebody who waits for an address to come back makes us try.
 *
 * After FoundationDB's `SimpleFailureMonitor` (`fdbrpc/FailureMonitor.actor.cpp`).
 */
export class FailureMonitor {
  readonly #clock: FailureClock;
  readonly #onWatched: (address: RemoteAddress, isWatched: boolean) => void;
  readonly #records = new Map<string, AddressRecord>();
  /** The largest count of disconnects that was forgotten: nobody who remembers a count may wait in vain. */
  #forgottenDisconnects = 0;

  /** @param onWatched sees to it that a remote is tried while somebody waits for news of it */
  constructor(
    clock: FailureClock,
    onWatched: (address: RemoteAddress, isWatched: boolean) => void,
  ) {
    this.#clock = clock;
    this.#onWatched = onWatched;
  }

  /** Whether a remote, or an endpoint there, can be expected to answer. */
  status(of: Watched): FailureStatus {
    return this.reason(of) === undefined ? "available" : "failed";
  }

  /** Why it is failed; `undefined` when it is not. */
  reason(of: Watched): FailedReason | undefined {
    const record = this.#records.get(addressOf(of).key);
    if (record === undefined) return undefined;
    return this.isGone(of) ? "not_found" : record.reason;
  }

  /** What went wrong when it was last tried, or lost; `undefined` while there is a connection, and before the first. */
  trouble(of: Watched): PeerError | undefined {
    return this.#records.get(addressOf(of).key)?.trouble;
  }

  /** Whether an endpoint will never answer again, whatever happens. */
  isGone(of: Watched): boolean {
    const record = this.#records.get(addressOf(of).key);
    return "token" in of && record?.isGone(of.token) === true;
  }

  /**
   * How often connections to an address were lost so far: a larger number later on says that it happened again, or, of
   * an address that was forgotten meanwhile, that it may have.
   */
  disconnects(address: RemoteAddress): number {
    return (
      this.#records.get(address.key)?.disconnects ?? this.#forgottenDisconnects
    );
  }

  /** Resolve once it has that status; at once if it does. Rejects with the signal's reason. */
  whenStatus(
    of: Watched,
    status: FailureStatus,
    options?: WaitForOptions,
  ): Promise<void> {
    return waitFor(this, of, {
      ...options,
      isSo: () => this.status(of) === status,
    });
  }

  /** Resolve once its status is another than now. */
  whenChanged(of: Watched, options?: WaitForOptions): Promise<void> {
    const before = this.status(of);
    return waitFor(this, of, {
      ...options,
      isSo: () => this.status(of) !== before,
    });
  }

  /**
   * Resolve once a connection to the address is lost.
   * @param since a count of `disconnects`, taken when whatever must not be missed began; default: now
   */
  whenDisconnected(
    address: RemoteAddress,
    since: number = this.disconnects(address),
    options?: WaitForOptions,
  ): Promise<void> {
    return waitFor(this, address, {
      ...options,
      isSo: () => this.disconnects(address) > since,
    });
  }

  /** Resolve once it is failed, or its connection is lost: at once if it is failed now. */
  whenDisconnectedOrFailed(
    of: Watched,
    options?: WaitForOptions,
  ): Promise<void> {
    const address = addressOf(of);
    const since = this.disconnects(address);
    return waitFor(this, of, {
      ...options,
      isSo: () =>
        this.status(of) === "failed" || this.disconnects(address) > since,
    });
  }

  /** Resolve once it has been failed for `ms` without a break, counted from now at the earliest. */
  whenFailedFor(
    of: Watched,
    ms: number,
    options?: WaitForOptions,
  ): Promise<void> {
    return new Promise((resolve, reject) => {
      const stop = this.onFailedFor(of, ms, () => {
        unsubscribe();
        resolve();
      });
      const unsubscribe = onAbort(options?.signal, (reason) => {
        stop();
        reject(reason as Error);
      });
    });
  }

  /** `whenFailedFor` with a callback: called once, later. Returns the way to unsubscribe. */
  onFailedFor(of: Watched, ms: number, callback: () => void): () => void {
    const { deadlines, time } = this.#clock;
    const expiring: Expiring = {
      deadlineMs: 0,
      queueIndex: -1,
      expire: () => {
        unsubscribe();
        callback();
      },
    };
    const look = (): void => {
      const failed = this.status(of) === "failed";
      if (!failed) deadlines.delete(expiring);
      else if (expiring.queueIndex === -1) {
        expiring.deadlineMs = time.now() + ms;
        deadlines.add(expiring);
      }
    };
    const unsubscribe = this.watch(of, look);
    look();
    return () => {
      unsubscribe();
      deadlines.delete(expiring);
    };
  }

  /** How many wait for news. */
  get waiterCount(): number {
    let count = 0;
    for (const record of this.#records.values()) count += record.listeners.size;
    return count;
  }

  /** Be told of all news of an address, and have it tried while it is failed. Returns the way to unsubscribe. */
  watch(of: Watched, listener: KnowledgeListener): () => void {
    const address = addressOf(of);
    const { listeners } = this.record(address.key);
    listeners.add(listener);
    if (listeners.size === 1) this.#onWatched(address, true);
    return () => {
      if (listeners.delete(listener) && listeners.size === 0)
        this.#onWatched(address, false);
    };
  }

  /** A connection stands. */
  connected(key: string, incarnation: bigint): void {
    this.record(key).connected(incarnation);
  }

  /** A connection could not be made. */
  unreachable(key: string, trouble: PeerError): void {
    this.record(key).unreachable(trouble);
  }

  /** A connection broke, or was ended in good order, which says nothing against the remote. */
  disconnected(key: string, broke: boolean, trouble: PeerError): void {
    this.record(key).disconnected(broke, trouble);
  }

  /** What is known of an address. The same object each time. */
  record(key: string): AddressRecord {
    let record = this.#records.get(key);
    if (record === undefined) {
      record = new AddressRecord(this.#forgottenDisconnects);
      this.#records.set(key, record);
    }
    return record;
  }

  /** The same, kept until it is released. */
  keep(key: string): AddressRecord {
    const record = this.record(key);
    record.keepers += 1;
    return record;
  }

  /** One peer less that keeps it. When there is none, and nobody waits for news, it is forgotten. */
  release(key: string): void {
    const record = this.record(key);
    record.keepers -= 1;
    if (record.keepers > 0 || record.listeners.size > 0) return;
    this.#records.delete(key);
    const { disconnects } = record;
    if (disconnects > this.#forgottenDisconnects)
      this.#forgottenDisconnects = disconnects;
  }

  /** How many addresses something is known of. */
  get size(): number {
    return this.#records.size;
  }
}
