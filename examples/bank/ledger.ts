/** Who has how much, and how it came to that. */
import { create } from "@bufbuild/protobuf";
import { assertAlways, type Providers, type Trace } from "wavetank";

import {
  JournalEntrySchema,
  type JournalEntry,
} from "../../gen/bank/v1/bank_pb.ts";
import { Journal } from "./journal.ts";

/** Three mistakes that every bank makes once. Tests plant them, to see that the simulation finds them. */
export interface Mistakes {
  readonly forgetsToDeduplicate?: boolean;
  readonly acknowledgesBeforeSync?: boolean;
  readonly forgetsItsJournal?: boolean;
}

/** Money to move, or to bring in where `from` is empty. */
export interface Change {
  readonly requestId: string;
  readonly from: string;
  readonly to: string;
  readonly cents: bigint;
}

/** What became of a change that was asked for. */
export type Verdict =
  | { readonly kind: "applied" }
  | { readonly kind: "account_exists" }
  | { readonly kind: "unknown_account"; readonly account: string }
  | { readonly kind: "insufficient_funds"; readonly cents: bigint };

/**
 * Invariants
 * 1. A change is in memory, and acknowledged, only once it is durable.
 * 2. A request id is applied once, however often it comes, also while the first is still being written.
 * 3. Changes take effect one after another, in the order of the journal.
 * 4. A change that the journal failed to make durable has not been made, and its caller hears of the failure.
 */
export class Ledger {
  readonly entries: JournalEntry[] = [];
  readonly balances: Map<string, bigint> = new Map();
  readonly #journal: Journal;
  readonly #trace: Trace;
  readonly #mistakes: Mistakes;
  readonly #applied = new Set<string>();
  #lastChange: Promise<Verdict> = Promise.resolve({ kind: "applied" });

  private constructor(journal: Journal, trace: Trace, mistakes: Mistakes) {
    this.#journal = journal;
    this.#trace = trace;
    this.#mistakes = mistakes;
  }

  static async open(
    { storage, trace }: Pick<Providers, "storage" | "trace">,
    mistakes: Mistakes = {},
  ): Promise<Ledger> {
    const { journal, entries } = await Journal.open(storage, "ledger.journal");
    const ledger = new Ledger(journal, trace, mistakes);
    if (mistakes.forgetsItsJournal !== true)
      for (const entry of entries) ledger.#take(entry);
    return ledger;
  }

  /** Apply a change, if it can be and has not been. Resolves when it is durable. */
  apply(change: Change): Promise<Verdict> {
    const apply = (): Promise<Verdict> => this.#applyNext(change);
    this.#lastChange = this.#lastChange.then(apply, apply);
    return this.#lastChange;
  }

  async close(): Promise<void> {
    // Whoever asked for the last change is told what became of it.
    await Promise.allSettled([this.#lastChange]);
    await this.#journal.close();
  }

  async #applyNext(change: Change): Promise<Verdict> {
    if (
      this.#applied.has(change.requestId) &&
      this.#mistakes.forgetsToDeduplicate !== true
    )
      return { kind: "applied" };
    const objection = this.#objection(change);
    if (objection !== undefined) return objection;
    const { requestId, from, to, cents } = change;
    const position = this.entries.length + 1;
    const content = { position, requestId, from, to, cents };
    const entry = create(JournalEntrySchema, content);
    await this.#journal.append(entry);
    if (this.#mistakes.acknowledgesBeforeSync !== true)
      await this.#journal.sync();
    this.#take(entry);
    return { kind: "applied" };
  }

  /** Why the change cannot be made. */
  #objection({ from, to, cents }: Change): Verdict | undefined {
    if (from === "")
      return this.balances.has(to) ? { kind: "account_exists" } : undefined;
    for (const account of [from, to])
      if (!this.balances.has(account))
        return { kind: "unknown_account", account };
    const held = this.balances.get(from) ?? 0n;
    return held < cents
      ? { kind: "insufficient_funds", cents: held }
      : undefined;
  }

  #take(entry: JournalEntry): void {
    const { position, requestId, from, to, cents } = entry;
    this.#trace.emit("ledger.entry", { position, requestId });
    this.entries.push(entry);
    this.#applied.add(requestId);
    this.balances.set(to, (this.balances.get(to) ?? 0n) + cents);
    if (from === "") return;
    const left = (this.balances.get(from) ?? 0n) - cents;
    this.balances.set(from, left);
    assertAlways(left >= 0n, "no account is overdrawn", { from, left });
  }
}
