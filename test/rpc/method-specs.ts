/** Methods of test services, as the plugin would write them, over two messages of the bank's contract. */
import {
  GetBalanceRequestSchema,
  GetBalanceResponseSchema,
} from "../../gen/bank/v1/bank_pb.ts";
import type { UID } from "../../src/core/index.ts";
import type { MethodSpec } from "../../src/rpc/index.ts";

export type Ask = typeof GetBalanceRequestSchema;
export type Answer = typeof GetBalanceResponseSchema;

/** Makes methods of the service with that identity: unary and at most once, where nothing else is said. */
export function methodsOf(
  uid: UID,
): (name: string, id: number, rest?: Partial<MethodSpec>) => MethodSpec {
  return (name, id, rest = {}) => ({
    name,
    id,
    uid: uid.adjusted(id),
    kind: "unary",
    delivery: "at_most_once",
    input: GetBalanceRequestSchema,
    output: GetBalanceResponseSchema,
    errors: [],
    ...rest,
  });
}
