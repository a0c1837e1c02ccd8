/** A limit of zero would refuse every call. */
import type { DescField } from "@bufbuild/protobuf";

import { MethodOptionsSchema } from "../../../gen/wavetank/options/v1/options_pb.ts";
import type { MethodContract, ServiceContract } from "../contract.ts";
import type { Problem } from "../problem.ts";
import { problemAt } from "../problem.ts";

const fields = MethodOptionsSchema.field;

/** Refuses limits that are set, and set to nothing. */
export function* limitRules(
  services: readonly ServiceContract[],
): Generator<Problem> {
  for (const method of services.flatMap((service) => service.methods)) {
    const { timeoutMs, concurrency } = method.options;
    if (timeoutMs === 0) yield zero(method, fields.timeoutMs);
    if (concurrency === 0) yield zero(method, fields.concurrency);
  }
}

function zero({ desc }: MethodContract, option: DescField): Problem {
  return problemAt(desc, {
    message: `${desc} sets \`${option.name}\` to 0, which no call could meet`,
    remedy: "choose a larger number, or remove the option to have the default",
    option,
  });
}
