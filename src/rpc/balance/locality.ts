/** How far away a server is. */
import { refuseUnknownOptions } from "../../base/known-options.ts";
import { shown } from "../../base/shown.ts";

/** Where a process stands. What is not known is left out; names must be unique, `dc1-z2` and not `z2`. */
export interface EndpointLocality {
  readonly dataCentre?: string | undefined;
  readonly zone?: string | undefined;
  readonly machine?: string | undefined;
}

/** Refuse a place with a level that is not known, or that is no name. Throws `TypeError`. */
export function checkLocality(given: EndpointLocality | undefined): void {
  if (given === undefined) return;
  refuseUnknownOptions("a locality", given, [...levels].reverse());
  for (const level of levels) {
    const name: unknown = given[level];
    if (name === undefined || typeof name === "string") continue;
    throw new TypeError(
      `${level} of a locality must be a name, not ${shown(name)}`,
    );
  }
}

/** 0 on the same machine, 1 in the same zone, 2 in the same data centre, 3 elsewhere or nobody knows where. */
export function distance(
  from: EndpointLocality | undefined,
  to: EndpointLocality | undefined,
): number {
  if (from === undefined || to === undefined) return elsewhere;
  const nearest = levels.findIndex(
    (level) => from[level] !== undefined && from[level] === to[level],
  );
  return nearest === -1 ? elsewhere : nearest;
}

/** Nearest first. */
const levels = ["machine", "zone", "dataCentre"] as const;
const elsewhere = levels.length;
