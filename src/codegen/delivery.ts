/** What a plain call of a method promises: chosen by the contract, with safe defaults. */
import { MethodOptions_IdempotencyLevel } from "@bufbuild/protobuf/wkt";

import { Delivery } from "../../gen/wavetank/options/v1/options_pb.ts";
import type { MethodContract } from "./contract.ts";

/** The spelling of generated code. */
export type DeliveryName = "at_most_once" | "at_least_once" | "one_way";

/**
 * What the option says, else what the idempotency level allows; undefined for a value from a later version. A stream is
 * at most once whatever its idempotency level: nobody can send again what was consumed on the way.
 */
export function deliveryOf(method: MethodContract): DeliveryName | undefined {
  switch (method.options.delivery) {
    case Delivery.UNSPECIFIED:
      return mayRunTwice(method) ? "at_least_once" : "at_most_once";
    case Delivery.AT_MOST_ONCE:
      return "at_most_once";
    case Delivery.AT_LEAST_ONCE:
      return "at_least_once";
    case Delivery.ONE_WAY:
      return "one_way";
    default:
      return undefined;
  }
}

/** Whether the contract promises that a second run of the same request does no harm. */
export function mayRunTwice({ desc }: MethodContract): boolean {
  return (
    desc.methodKind === "unary" &&
    desc.idempotency !== MethodOptions_IdempotencyLevel.IDEMPOTENCY_UNKNOWN
  );
}
