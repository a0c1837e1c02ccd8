/** Names that TypeScript or the identity could not bear. */
import {
  MethodOptionsSchema,
  ServiceOptionsSchema,
} from "../../../gen/wavetank/options/v1/options_pb.ts";
import type { MethodContract, ServiceContract } from "../contract.ts";
import type { Problem } from "../problem.ts";
import { problemAt } from "../problem.ts";

/** Refuses methods that could not be members of a client, and former names that are empty. */
export function* nameRules(
  services: readonly ServiceContract[],
): Generator<Problem> {
  for (const service of services) {
    if (service.options.was.includes("")) yield emptyService(service);
    for (const method of service.methods) {
      if (method.options.was.includes("")) yield emptyMethod(method);
      const why = impossible.get(method.desc.localName);
      if (why !== undefined) yield impossibleName(method, why);
    }
    yield* namesakes(service);
  }
}

/**
 * What breaks when an object has a member of this name. protobuf-es escapes
 * `constructor` and its like by itself, but not these.
 */
const impossible: ReadonlyMap<string, string> = new Map([
  ["then", "makes a client look like a promise, so that `await` would call it"],
  ["__proto__", "would replace the prototype of the client"],
]);

function impossibleName({ desc }: MethodContract, why: string): Problem {
  return problemAt(desc, {
    message: `${desc} cannot be called \`${desc.name}\`, which ${why}`,
    remedy: "choose another name",
  });
}

/** Methods that differ in the case of their first letter alone. */
function* namesakes({ methods }: ServiceContract): Generator<Problem> {
  const owners = new Map<string, MethodContract>();
  for (const method of methods) {
    const { localName } = method.desc;
    const owner = owners.get(localName);
    owners.set(localName, owner ?? method);
    if (owner === undefined) continue;
    yield problemAt(method.desc, {
      message: `${method.desc} and ${owner.desc} both become \`${localName}\` in TypeScript`,
      remedy: "rename one of them",
    });
  }
}

function emptyService({ desc }: ServiceContract): Problem {
  const option = ServiceOptionsSchema.field.was;
  return problemAt(desc, { ...emptyName(desc), option });
}

function emptyMethod({ desc }: MethodContract): Problem {
  const option = MethodOptionsSchema.field.was;
  return problemAt(desc, { ...emptyName(desc), option });
}

function emptyName(desc: object): { message: string; remedy: string } {
  return {
    message: `${desc} was never called ""`,
    remedy: "name what it was called before, or remove the option",
  };
}
