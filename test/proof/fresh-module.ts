/** A module that keeps something, for a test that calls it in fresh threads. */
const calls: unknown[] = [];

/** How often it was called, in this thread. */
export function count(argument: unknown): number {
  if (argument === "throw") throw new Error("asked to");
  if (argument === "exit") process.exit(3);
  return calls.push(argument);
}
