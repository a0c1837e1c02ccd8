/** No method may promise a delivery that its declaration cannot keep. */
import type { DescField } from "@bufbuild/protobuf";

import { MethodOptionsSchema } from "../../../gen/wavetank/options/v1/options_pb.ts";
import type { MethodContract, ServiceContract } from "../contract.ts";
import { deliveryOf, mayRunTwice } from "../delivery.ts";
import type { Problem } from "../problem.ts";
import { problemAt } from "../problem.ts";

const fields = MethodOptionsSchema.field;

/** Refuses deliveries that could run a method twice unasked, or that leave a reply nowhere to go. */
export function* deliveryRules(
  services: readonly ServiceContract[],
): Generator<Problem> {
  for (const method of services.flatMap((service) => service.methods)) {
    if (method.desc.methodKind !== "unary") {
      yield* streamed(method);
      continue;
    }
    switch (deliveryOf(method)) {
      case "at_most_once":
        break;
      case "at_least_once":
        if (!mayRunTwice(method)) yield unsafe(method);
        break;
      case "one_way":
        if (method.desc.output.fields.length > 0) yield answered(method);
        yield* useless(method);
        break;
      case undefined:
        yield unknown(method);
        break;
    }
  }
}

/** A stream ends with the connection that it runs over: its items cannot be sent again, nor its answer kept. */
function* streamed(method: MethodContract): Generator<Problem> {
  const { desc, options } = method;
  const delivery = deliveryOf(method);
  if (delivery === undefined) yield unknown(method);
  else if (delivery !== "at_most_once") {
    yield problemAt(desc, {
      message: `${desc} streams, and a stream is delivered at most once, never ${delivery.replaceAll("_", " ")}`,
      remedy:
        "remove the delivery and let callers begin again, or drop `stream`",
      option: fields.delivery,
    });
  }
  if (options.dedupe) {
    yield problemAt(desc, {
      message: `${desc} streams, so \`dedupe\` has no single reply to keep`,
      remedy: "remove `dedupe`, or drop `stream`",
      option: fields.dedupe,
    });
  }
}

function unsafe({ desc }: MethodContract): Problem {
  return problemAt(desc, {
    message: `${desc} is delivered at least once, yet has no idempotency level`,
    remedy:
      "add `option idempotency_level = IDEMPOTENT;` if it may run twice, else remove the delivery",
    option: fields.delivery,
  });
}

function answered({ desc }: MethodContract): Problem {
  return problemAt(desc, {
    message: `${desc} is one way, yet ${desc.output} has fields`,
    remedy: "return a message without fields, or remove the delivery",
    option: fields.delivery,
  });
}

/** What only a reply could carry or bound makes no sense without one. */
function* useless({ desc, options }: MethodContract): Generator<Problem> {
  const set: [boolean, DescField][] = [
    [options.errors.length > 0, fields.errors],
    [options.timeoutMs !== undefined, fields.timeoutMs],
    [options.dedupe, fields.dedupe],
  ];
  for (const [isSet, option] of set) {
    if (!isSet) continue;
    yield problemAt(desc, {
      message: `${desc} is one way, so \`${option.name}\` has no reply to act on`,
      remedy: `remove \`${option.name}\`, or the delivery`,
      option,
    });
  }
}

function unknown({ desc, options }: MethodContract): Problem {
  return problemAt(desc, {
    message: `${desc} asks for delivery ${options.delivery}, unknown to this version`,
    remedy: "update the package wavetank, or choose another delivery",
    option: fields.delivery,
  });
}
