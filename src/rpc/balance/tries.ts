/** The requests of one call. */
import type { TimeProvider } from "../../core/index.ts";
import type { Metadata } from "../metadata.ts";
import type { RequestEnd } from "./endpoint-load.ts";
import type { OpenRequest } from "./overdue-requests.ts";
import type { PoolMember } from "./pool-member.ts";

/** A request that is out. */
export interface Try {
  readonly member: PoolMember;
  readonly isBackup: boolean;
  /** Absent where nobody but its deadline could end it: a controller for each request would cost as much as the rest. */
  readonly controller: AbortController | undefined;
  readonly open: OpenRequest;
  /** What came with its reply, for a caller that wants to know. */
  metadata: Metadata | undefined;
}

/** Keeps account of requests with the servers that they were sent to: each is ended once. */
export class Tries {
  readonly #time: TimeProvider;
  readonly #mayCancel: boolean;
  readonly #out = new Set<Try>();
  #count = 0;

  /** @param mayCancel whether requests may have to end before their deadline */
  constructor(time: TimeProvider, mayCancel: boolean) {
    this.#time = time;
    this.#mayCancel = mayCancel;
  }

  /** How many are out. */
  get size(): number {
    return this.#out.size;
  }

  /** How many there were. */
  get count(): number {
    return this.#count;
  }

  begin(member: PoolMember, isBackup: boolean): Try {
    const { load } = member;
    if (isBackup) load.counters.backups += 1;
    else if (this.#count > 0) load.counters.retries += 1;
    this.#count += 1;
    const controller = this.#mayCancel ? new AbortController() : undefined;
    const open = load.start(this.#time.now());
    const metadata = undefined;
    const attempt: Try = { member, isBackup, controller, open, metadata };
    this.#out.add(attempt);
    return attempt;
  }

  /** False when it had ended before. */
  end(attempt: Try, how: RequestEnd): boolean {
    if (!this.#out.delete(attempt)) return false;
    attempt.member.load.end(attempt.open, how, this.#time.now());
    return true;
  }

  /** Cancel those that are out; each will say whether it was sent. */
  recall(): void {
    for (const { controller } of this.#out) controller?.abort(recalled());
  }

  /** Cancel those that are out, whatever they have to say. */
  drop(): void {
    for (const attempt of [...this.#out]) {
      this.end(attempt, "abandoned");
      attempt.controller?.abort(recalled());
    }
  }
}

/** Notes what a server says of itself, and for a caller that listens, what came with the reply. */
export function listenerOf(
  attempt: Try,
  callers: MetadataListener | undefined,
): MetadataListener {
  const { note } = attempt.member;
  if (callers === undefined) return note;
  return (metadata) => {
    note(metadata);
    attempt.metadata = metadata;
  };
}

type MetadataListener = (metadata: Metadata) => void;

function recalled(): Error {
  return new Error("the call that this was made for is over");
}
