/** What the balancing suite writes down while it runs, for its invariant to read. */
import type { DeliveryOutcome, RpcErrorCode } from "../../../../src/index.ts";
import { timelineKey, type TimelineKey } from "../../../../src/sim/index.ts";

/** How often a call may run: once, or as often as it takes; or once at each server, for a fan-out. */
export type Allowed = "once" | "again" | "at_each";

export type CallEvent =
  | {
      readonly kind: "asked";
      readonly id: string;
      readonly allowed: Allowed;
    }
  /** A handler did what was asked. */
  | { readonly kind: "ran"; readonly id: string; readonly server: string }
  | { readonly kind: "answered"; readonly id: string; readonly same: boolean }
  | {
      readonly kind: "failed";
      readonly id: string;
      readonly code: RpcErrorCode;
      readonly delivery: DeliveryOutcome;
    };

export const calls: TimelineKey<CallEvent> = timelineKey<CallEvent>("calls");
