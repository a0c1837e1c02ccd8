/** Scores in memory and in a file: what was raised is there again after a crash. */
import type { StorageFile, StorageProvider } from "wavetank/core";

import type { Mistakes } from "./mistakes.ts";

/**
 * The file is a line per raise: a checksum, the player, the points.
 *
 * Invariants
 * 1. A score is in memory, where others see it, only once it is durable.
 * 2. A line that a crash left half-written was never acknowledged, and is cut
 *    off, with all behind it, before anything is written.
 */
export class ScoreLog {
  readonly #file: StorageFile;
  readonly #mistakes: Mistakes;
  readonly #best = new Map<string, number>();
  #lastRaise: Promise<void> = Promise.resolve();
  /** Where the last durable line ends. */
  #end = 0;
  #failed = false;

  private constructor(file: StorageFile, mistakes: Mistakes) {
    this.#file = file;
    this.#mistakes = mistakes;
  }

  static async open(
    storage: StorageProvider,
    path: string,
    mistakes: Mistakes = {},
  ): Promise<ScoreLog> {
    const file = await storage.open(path, {
      read: true,
      write: true,
      create: true,
    });
    // Without this a crash may take the file away, whatever was synced in it.
    await storage.syncDir();
    const log = new ScoreLog(file, mistakes);
    const bytes = await file.readAt(0, await file.size());
    log.#end = log.#replay(bytes);
    await log.#cutOff();
    return log;
  }

  best(player: string): number {
    return this.#best.get(player) ?? 0;
  }

  /** Resolves when the score is durable. One after another, so no line is torn by another. */
  raise(player: string, points: number): Promise<void> {
    const raise = (): Promise<void> => this.#raise(player, points);
    this.#lastRaise = this.#lastRaise.then(raise, raise);
    return this.#lastRaise;
  }

  async #raise(player: string, points: number): Promise<void> {
    if (!(points > this.best(player))) return;
    if (this.#failed) await this.#cutOff();
    const entry = `${player} ${points}`;
    const line = `${checksum(entry)} ${entry}\n`;
    const bytes = new TextEncoder().encode(line);
    this.#failed = true;
    await this.#file.append(bytes);
    if (this.#mistakes.acknowledgesBeforeSync !== true) await this.#file.sync();
    this.#failed = false;
    this.#end += bytes.length;
    this.#best.set(player, points);
  }

  /** What a crash or a failure left behind the last whole line must not come before the next one. */
  async #cutOff(): Promise<void> {
    await this.#file.setLen(this.#end);
    await this.#file.sync();
    this.#failed = false;
  }

  /** Take in every whole line. Returns where the last one ends. */
  #replay(bytes: Uint8Array): number {
    let end = 0;
    for (;;) {
      const newline = bytes.indexOf(0x0a, end);
      if (newline === -1) return end;
      const line = new TextDecoder().decode(bytes.subarray(end, newline));
      const [sum, player = "", points] = line.split(" ");
      if (sum !== checksum(`${player} ${points}`)) return end;
      this.#best.set(player, Number(points));
      end = newline + 1;
    }
  }
}

/** FNV-1a, 32 bits. */
function checksum(text: string): string {
  let sum = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) {
    sum = Math.imul(sum ^ byte, 0x01000193);
  }
  return (sum >>> 0).toString(16);
}
