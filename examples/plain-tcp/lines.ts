/** Lines of text on a connection. */
import type { Connection } from "wavetank/core";

/** Longer lines than this break the connection. */
const lengthMax = 1_000;

/** Every line that arrives, until the other side ends. Half a line is none. */
export async function* readLines(
  connection: Connection,
): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = "";
  for (;;) {
    const bytes = await connection.read();
    if (bytes === undefined) return;
    const lines = (rest + decoder.decode(bytes, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    if (rest.length > lengthMax) throw new Error("the line is too long");
    yield* lines;
  }
}

export function writeLine(connection: Connection, line: string): Promise<void> {
  return connection.write(new TextEncoder().encode(`${line}\n`));
}
