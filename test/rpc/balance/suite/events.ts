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

/** What became of one stream. Its client numbers the items as it gets them, and each says which server sent it. */
export type StreamEvent =
  | {
      readonly kind: "opened";
      readonly id: string;
      /** How many items it has when it is whole. */
      readonly count: number;
    }
  /** A handler began, at that server. */
  | { readonly kind: "ran"; readonly id: string; readonly server: number }
  /** A handler is about to send an item. */
  | { readonly kind: "sent"; readonly id: string; readonly index: number }
  | {
      readonly kind: "got";
      readonly id: string;
      readonly server: number;
      readonly index: number;
    }
  | {
      readonly kind: "over";
      readonly id: string;
      /** `complete`, `left`, or how it failed. */
      readonly how: "complete" | "left" | DeliveryOutcome;
      /** The servers that said at the end who they are. */
      readonly told: readonly number[];
    };

export const streams: TimelineKey<StreamEvent> =
  timelineKey<StreamEvent>("streams");
