/** What the delivery suite writes down while it runs, for its invariants to read. */
import type {
  Delivery,
  DeliveryOutcome,
  ReplyErrorCode,
} from "../../../src/transport/index.ts";
import { timelineKey, type TimelineKey } from "../../../src/sim/index.ts";

/** How a request is made. `unless_failed` is at least once, but for remotes that stay away. */
export type Mode = Delivery | "deduplicated" | "unless_failed";

export type DeliveryEvent =
  | {
      readonly kind: "asked";
      readonly id: number;
      readonly mode: Mode;
      readonly timeoutMs: number;
    }
  /** A receiver did what was asked. `life` is a number that no other life of a server has. */
  | { readonly kind: "ran"; readonly id: number; readonly life: string }
  | { readonly kind: "replied"; readonly id: number; readonly same: boolean }
  | {
      readonly kind: "failed";
      readonly id: number;
      readonly code: ReplyErrorCode;
      readonly delivery: DeliveryOutcome;
    };

export const deliveries: TimelineKey<DeliveryEvent> =
  timelineKey<DeliveryEvent>("deliveries");
