/** All rules in one place: what a contract must not say. */
import type { ServiceContract, Workspace } from "./contract.ts";
import type { Problem } from "./problem.ts";
import { compareProblems } from "./problem.ts";
import { deliveryRules } from "./rules/delivery.ts";
import { errorRules } from "./rules/errors.ts";
import { identityRules } from "./rules/identity.ts";
import { laterRules } from "./rules/later.ts";
import { limitRules } from "./rules/limits.ts";
import { nameRules } from "./rules/names.ts";
import { wellKnownRules } from "./rules/well-known.ts";

/**
 * Everything that is wrong, found in one run. Identities and slots are compared across the whole workspace, the
 * rest is asked only of the services that code is generated for.
 */
export function findProblems(
  workspace: Workspace,
  generated: readonly ServiceContract[],
): Problem[] {
  return [
    ...identityRules(workspace.services),
    ...wellKnownRules(workspace.services),
    ...nameRules(generated),
    ...laterRules(generated),
    ...deliveryRules(generated),
    ...limitRules(generated),
    ...errorRules(generated, workspace.messages),
  ].sort(compareProblems);
}
