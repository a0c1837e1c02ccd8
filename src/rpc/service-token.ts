/** Where a service listens, if it is not served as an instance. */
import { UID } from "../core/index.ts";
import type { ServiceSpec } from "./spec.ts";

/** Its own UID, or the slot of the small table that the contract asked for. */
export function serviceToken(
  spec: Pick<ServiceSpec, "uid" | "wellKnown">,
): UID {
  return spec.wellKnown === undefined
    ? spec.uid
    : UID.wellKnown(spec.wellKnown);
}
