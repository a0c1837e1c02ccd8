/** What holds of a bank's journal at every instant, through all crashes. */
import {
  assertAlways,
  type Invariant,
  type InvariantView,
  type TraceEntry,
  type TraceQuery,
} from "wavetank/sim";

/**
 * A bank that comes back remembers the past that it had: where a change stood in its journal, the same change stands.
 * Nobody in the bank could notice otherwise, as nobody survives the crash in between.
 */
export class OnePast implements Invariant {
  readonly name = "a bank has one past";
  readonly #past = new Map<string, string>();
  #entries: TraceQuery | undefined;

  begin(view: InvariantView): void {
    this.#entries = view.trace({ name: "ledger.entry" });
  }

  check(): void {
    let entry = this.#entries?.next();
    while (entry !== undefined) {
      this.#compare(entry);
      entry = this.#entries?.next();
    }
  }

  #compare({ source, fields: { position, requestId } }: TraceEntry): void {
    const place = `${source} entry ${position}`;
    const before = this.#past.get(place) ?? requestId;
    this.#past.set(place, String(requestId));
    const same = before === requestId;
    assertAlways(same, "what was written stays", { place, before, requestId });
  }
}
