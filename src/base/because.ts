/** Errors that say in one line why they are there: few who log a message look for what is behind it. */

/** `: ` and what the cause says, without its code; nothing when it is no error. To be put after a message. */
export function because(cause: unknown): string {
  if (!(cause instanceof Error)) return "";
  const { rawMessage = cause.message } = cause as { rawMessage?: string };
  return rawMessage === "" ? "" : `: ${rawMessage}`;
}
