/** What the suite writes down while it runs, for its invariant to read. */
import { timelineKey, type TimelineKey } from "../../../src/sim/index.ts";

export type Way = "request" | "response";

/** How a call ended on one side: whole, left by its reader, or with the code of an error. */
export type Ending = string;

export type CallEvent =
  | {
      readonly kind: "began";
      readonly id: number;
      readonly method: string;
      /** How long it may take; `Infinity` for ever. */
      readonly timeoutMs: number;
      /** How many items a complete stream of responses has. */
      readonly responses: number;
    }
  /** A handler began. `life` is that of its server. */
  | { readonly kind: "ran"; readonly id: number; readonly life: string }
  | {
      readonly kind: "sent";
      readonly id: number;
      readonly way: Way;
      readonly index: number;
      /** About how many bytes it has, rather less; the same for all items of a stream. */
      readonly size: number;
    }
  | {
      readonly kind: "got";
      readonly id: number;
      readonly way: Way;
      readonly index: number;
    }
  | {
      readonly kind: "ended";
      readonly id: number;
      readonly side: "client" | "server";
      readonly how: Ending;
    };

export const calls: TimelineKey<CallEvent> = timelineKey<CallEvent>("calls");

/** Write down each item that is read, or about to be sent, and pass it on. */
export async function* noted<Item>(
  items: AsyncIterable<Item>,
  note: (index: number) => void,
): AsyncGenerator<Item> {
  let index = 0;
  for await (const item of items) {
    note(index);
    index += 1;
    yield item;
  }
}
