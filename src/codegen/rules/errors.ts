/** A declared error must be a message that exists. */
import type { DescMessage } from "@bufbuild/protobuf";

import { MethodOptionsSchema } from "../../../gen/wavetank/options/v1/options_pb.ts";
import type { ServiceContract } from "../contract.ts";
import type { Problem } from "../problem.ts";
import { problemAt } from "../problem.ts";

type Messages = ReadonlyMap<string, DescMessage>;

/** Refuses names that no message in sight has. */
export function* errorRules(
  services: readonly ServiceContract[],
  messages: Messages,
): Generator<Problem> {
  for (const { desc, options } of services.flatMap(({ methods }) => methods)) {
    for (const [element, name] of options.errors.entries()) {
      if (messages.has(name)) continue;
      yield problemAt(desc, {
        message: `${desc} declares the error "${name}", and there is no such message`,
        remedy: remedyFor(name, messages),
        option: MethodOptionsSchema.field.errors,
        element,
      });
    }
  }
}

/** Most such names are only short of their package. */
function remedyFor(name: string, messages: Messages): string {
  const simple = name.slice(name.lastIndexOf(".") + 1);
  const alike = [...messages.values()]
    .filter((message) => message.name === simple)
    .map((message) => `"${message.typeName}"`);
  return alike.length === 0
    ? `declare it, or import the file that does, and give its full name`
    : `give its full name, ${alike.join(" or ")}`;
}
