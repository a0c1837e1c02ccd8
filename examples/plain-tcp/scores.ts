/**
 * A server that keeps the best score of every player. One line asks, one line
 * answers:
 *
 * ```text
 * SCORE alice 12   →  BEST 12    alice is known to have reached 12 or more
 * BEST alice       →  BEST 12    what is known; 0 of a stranger
 * ```
 *
 * Whoever got no answer asks again: a score that comes twice, or late, or
 * behind a better one, changes nothing.
 */
import type { Connection, Listener, Providers } from "wavetank/core";

import { readLines, writeLine } from "./lines.ts";
import type { Mistakes } from "./mistakes.ts";
import { ScoreLog } from "./score-log.ts";

/** Listen at `address` and answer for ever. */
export async function startScores(
  { network, storage, tasks }: Providers,
  address: string,
  mistakes: Mistakes = {},
): Promise<Listener> {
  const log = await ScoreLog.open(storage, "scores", mistakes);
  const listener = await network.bind(address);

  async function acceptAll(): Promise<void> {
    for (;;) {
      const connection = await listener.accept();
      tasks.spawn("player", () => answerAll(connection));
    }
  }

  async function answerAll(connection: Connection): Promise<void> {
    try {
      for await (const line of readLines(connection, mistakes)) {
        await writeLine(connection, await answer(line));
      }
      connection.close();
    } catch {
      // The player is gone, or talks nonsense: others must not suffer.
      connection.reset();
    }
  }

  async function answer(line: string): Promise<string> {
    const [command, player = "", points] = line.split(" ");
    if (command === "SCORE") await log.raise(player, Number(points));
    else if (command !== "BEST") return `ERROR what is ${command}?`;
    return `BEST ${log.best(player)}`;
  }

  tasks.spawn("accept", () => acceptAll().catch(ignore));
  return listener;
}

function ignore(): void {
  // The listener was closed: nobody else will come.
}
