/** What a server says of how busy it is. */
import type { CallOptions } from "../call-options.ts";
import type { EndpointLoad } from "./endpoint-load.ts";

/**
 * Metadata of a reply by which a server says how much a request to it should count from now on: a number, 1 or more,
 * and 1 when all is well. `context.replyMetadata[penaltyMetadata] = "4"` sends it a quarter of the usual load.
 */
export const penaltyMetadata = "wavetank-penalty";

/** The options of a request, changed so that the server's word is taken down. */
export function reporting(
  load: EndpointLoad,
  options: CallOptions,
): CallOptions {
  const { onReplyMetadata } = options;
  return {
    ...options,
    onReplyMetadata: (metadata) => {
      const penalty = Number(metadata[penaltyMetadata] ?? load.penalty);
      if (penalty >= 1 && penalty < Infinity) load.penalty = penalty;
      onReplyMetadata?.(metadata);
    },
  };
}
