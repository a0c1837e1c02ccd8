/** How long a peer is kept, and with it what is known of its address. */
import type { AddressRecord } from "./address-record.ts";
import type { FailureMonitor } from "./failure-monitor.ts";

/** Kept while it is needed, and for a while longer; see `PeerBook`. */
export class Tenure {
  readonly #failures: FailureMonitor;
  readonly #key: string;
  #record: AddressRecord;
  #isForgotten = false;
  /** Whether it had anything to do since `hasRested` was last asked. */
  #wasBusy = true;

  constructor(failures: FailureMonitor, key: string) {
    this.#failures = failures;
    this.#key = key;
    this.#record = failures.keep(key);
  }

  /** What is known of the address. */
  get record(): AddressRecord {
    return this.#record;
  }

  /** Whether another peer may be in its place. */
  get isForgotten(): boolean {
    return this.#isForgotten;
  }

  /** It has something to do. */
  use(): void {
    this.#wasBusy = true;
  }

  /** Given whether it rests now: whether it has done so since this was last asked. */
  hasRested(rests: boolean): boolean {
    const hasRested = rests && !this.#wasBusy;
    this.#wasBusy = !rests;
    return hasRested;
  }

  end(): void {
    this.#isForgotten = true;
    this.#failures.release(this.#key);
  }

  /** Begin anew. */
  renew(): void {
    this.#isForgotten = false;
    this.#wasBusy = true;
    this.#record = this.#failures.keep(this.#key);
  }
}
