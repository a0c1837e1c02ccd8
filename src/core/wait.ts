/** How a caller ends a wait that it no longer wants. */

export interface WaitOptions {
  /** Ends the wait: the call rejects with the signal's reason, and nothing is half done. */
  signal?: AbortSignal | undefined;
}
