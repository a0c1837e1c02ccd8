/** Lines of text on a connection. */
import type { Connection } from "wavetank/core";

import type { Mistakes } from "./mistakes.ts";

/** Longer lines than this break the connection. */
const lengthMax = 1_000;

/** Every line that arrives, until the other side ends. Half a line is none. */
export async function* readLines(
  connection: Connection,
  mistakes: Mistakes = {},
): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = "";
  for (;;) {
    const bytes = await connection.read();
    if (bytes === undefined) return;
    if (mistakes.takesReadsForLines === true) {
      yield decoder.decode(bytes).trimEnd();
      continue;
    }
    const lines = (rest + decoder.decode(bytes, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    if (rest.length > lengthMax) throw new Error("the line is too long");
    yield* lines;
  }
}

export function writeLine(connection: Connection, line: string): Promise<void> {
  return connection.write(new TextEncoder().encode(`${line}\n`));
}
