/** Mistakes in the command itself. */

/** The command line cannot be understood; the message says what to type instead. Exit code 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}
