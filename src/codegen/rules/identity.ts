/** No two services or methods may answer to the same token. */
import type { MethodContract, ServiceContract } from "../contract.ts";
import type { Problem } from "../problem.ts";
import { problemAt } from "../problem.ts";

type Contract = ServiceContract | MethodContract;

/**
 * Service tokens first, then those of methods: where two services collide, their
 * methods would only repeat it. A method whose id is 0 collides with its own
 * service here, and two methods with the same id with each other.
 */
export function* identityRules(
  services: readonly ServiceContract[],
): Generator<Problem> {
  const owners = new Map<string, Contract>();
  const distinct: ServiceContract[] = [];
  for (const service of services) {
    const owner = claim(owners, service);
    if (owner === service) distinct.push(service);
    else yield collision(service, owner);
  }
  for (const method of distinct.flatMap((service) => service.methods)) {
    const owner = claim(owners, method);
    if (owner !== method) yield collision(method, owner);
  }
}

/** Who has the identity, after this one has tried to take it. */
function claim(owners: Map<string, Contract>, contract: Contract): Contract {
  const key = contract.uid.toString();
  const owner = owners.get(key) ?? contract;
  owners.set(key, owner);
  return owner;
}

function collision(second: Contract, first: Contract): Problem {
  return problemAt(second.desc, {
    message: `${second.desc} and ${first.desc} have the same identity ${second.uid}`,
    remedy: remedyFor(second, first),
  });
}

/** Never advise a service in use to change its identity without saying so. */
function remedyFor(second: Contract, first: Contract): string {
  const renamed = [second, first].filter((one) => one.options.was.length > 0);
  const unrenamed = [second, first].find((one) => !renamed.includes(one));
  if (unrenamed === undefined) {
    return "only one of them was that before, so correct the `was` of the other";
  }
  const add = `add \`${lineToAdd(unrenamed)}\` to ${unrenamed.desc}`;
  return renamed.length === 0
    ? `${add} if nobody calls it yet, or the like to the other`
    : `${add} if nobody calls it yet, or correct the \`was\` of the other`;
}

/** The option that gives this one an identity of its own. */
function lineToAdd({ desc, firstName }: Contract): string {
  const option = desc.kind === "service" ? "service" : "method";
  return `option (wavetank.options.v1.${option}).was = "${firstName}2";`;
}
