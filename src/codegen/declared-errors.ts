/** The messages that a method may fail with. */
import type { DescMessage } from "@bufbuild/protobuf";

import { invariant } from "../base/invariant.ts";
import type { MethodContract } from "./contract.ts";

/** Each once, in the order of the contract, which has passed the rules: all of them exist. */
export function declaredErrors(
  { desc, options }: MethodContract,
  messages: ReadonlyMap<string, DescMessage>,
): DescMessage[] {
  return [...new Set(options.errors)].map((name) => {
    const message = messages.get(name);
    invariant(message, `${desc} passed the rules with the error ${name}`);
    return message;
  });
}
