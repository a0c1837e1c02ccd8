/** What became of calls that were made together. */
import { StatusSchema } from "../../gen/wavetank/rpc/v1/status_pb.ts";
import type { DeliveryOutcome } from "../transport/index.ts";
import { toRpcError } from "./lower-errors.ts";
import { RpcError, type RpcErrorDetail } from "./rpc-error.ts";
import { encodeStatus } from "./status.ts";

/** One of them. `recalled`: the others were enough, or could not be enough any more. */
export type FanOutOutcome<Response> =
  | { readonly kind: "answered"; readonly response: Response }
  | { readonly kind: "failed"; readonly error: unknown }
  | { readonly kind: "recalled" };

/** Why too few have answered: what all failed calls say if they agree, else `unavailable`. */
export function fanOutError(
  outcomes: readonly FanOutOutcome<unknown>[],
  required: number,
): RpcError {
  const failures = outcomes.flatMap((outcome) =>
    outcome.kind === "failed" ? [toRpcError(outcome.error)] : [],
  );
  const [first] = failures as [RpcError, ...RpcError[]];
  const doAgree = failures.every(({ code }) => code === first.code);
  const message = `${failures.length} of ${outcomes.length} calls failed and ${required} must be answered: ${first.message}`;
  return new RpcError(doAgree ? first.code : "unavailable", message, {
    delivery: deliveryOf(outcomes, failures),
    details: [...failures.map(statusOf), ...(doAgree ? first.details : [])],
    cause: new AggregateError(failures, message),
  });
}

/** What holds of all of them; of those that were recalled nothing is known. */
function deliveryOf(
  outcomes: readonly FanOutOutcome<unknown>[],
  [first, ...others]: readonly RpcError[],
): DeliveryOutcome {
  const haveAllFailed = outcomes.every(({ kind }) => kind === "failed");
  const delivery = first?.delivery ?? "maybe";
  const doAgree = others.every((other) => other.delivery === delivery);
  return haveAllFailed && doAgree ? delivery : "maybe";
}

function statusOf(error: RpcError): RpcErrorDetail {
  return { typeName: StatusSchema.typeName, value: encodeStatus(error) };
}
