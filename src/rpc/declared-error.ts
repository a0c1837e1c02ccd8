/** Errors that a contract declares. */
import type { DescMessage, MessageShape } from "@bufbuild/protobuf";

import type { Declaring } from "./method-types.ts";
import { findDetail } from "./rpc-error.ts";

/**
 * The declared error that a call of this method failed with, if it did with one: `declaredError(error, bank.transfer)`.
 * Its `$typeName` tells several apart. `undefined` for everything else, so that it cannot be taken for what it is not.
 */
export function declaredError<E extends DescMessage>(
  error: unknown,
  method: Declaring<E>,
): MessageShape<E> | undefined {
  for (const schema of method.errors) {
    const detail = findDetail(error, schema);
    if (detail !== undefined) return detail;
  }
  return undefined;
}
