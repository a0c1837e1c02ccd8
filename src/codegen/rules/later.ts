/** What contracts can say already and this version cannot do yet. */
import {
  MethodOptionsSchema,
  Reentrancy,
  ServiceOptionsSchema,
} from "../../../gen/wavetank/options/v1/options_pb.ts";
import type { MethodContract, ServiceContract } from "../contract.ts";
import type { Problem } from "../problem.ts";
import { problemAt } from "../problem.ts";

/** Refuses actors, and options that only they could use. */
export function* laterRules(
  services: readonly ServiceContract[],
): Generator<Problem> {
  for (const service of services) {
    if (service.options.actor !== undefined) yield actor(service);
    for (const method of service.methods) {
      if (method.options.reentrancy !== Reentrancy.UNSPECIFIED) {
        yield reentrancy(method);
      }
    }
  }
}

function actor({ desc }: ServiceContract): Problem {
  return problemAt(desc, {
    message: `${desc} is an actor, and actors come with a later version`,
    remedy: "remove the option `actor` and take the key as a field of requests",
    option: ServiceOptionsSchema.field.actor,
  });
}

function reentrancy({ desc }: MethodContract): Problem {
  return problemAt(desc, {
    message: `${desc} sets reentrancy, and actors come with a later version`,
    remedy: "remove the option",
    option: MethodOptionsSchema.field.reentrancy,
  });
}
