/** A request without the promise to answer it. */
import type { Endpoint } from "../core/index.ts";

/** What arrived, and where its answer goes. */
export interface RequestEnvelope {
  /** The body. */
  readonly request: Uint8Array;
  /**
   * The caller, and a token that no other request of its has: it names the request, the same each time it is sent. The
   * token of a one-way message is zero.
   */
  readonly replyTo: Endpoint;
}
