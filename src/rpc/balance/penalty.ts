/** What a server says of how busy it is. */
import type { Metadata } from "../metadata.ts";
import type { EndpointLoad } from "./endpoint-load.ts";

/**
 * Metadata of a reply by which a server says how much a request to it should count from now on: a number, 1 or more,
 * and 1 when all is well. `context.replyMetadata[penaltyMetadata] = "4"` sends it a quarter of the usual load.
 */
export const penaltyMetadata = "wavetank-penalty";

/** Take down what a server says of itself. */
export function notePenalty(load: EndpointLoad, metadata: Metadata): void {
  const penalty = Number(metadata[penaltyMetadata] ?? load.penalty);
  if (penalty >= 1 && penalty < Infinity) load.penalty = penalty;
}
