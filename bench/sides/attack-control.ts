/** An attacker in a process of its own, as the row has it in hand. */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

import type { AttackerMessage } from "./attacker.ts";

export interface Attacker extends Disposable {
  /** Attacks that were made so far. */
  readonly count: number;
  begin(): void;
  /** Resolves when the last attack is over. */
  end(): Promise<void>;
}

/** Start one that attacks a port of this machine. */
export async function startAttacker(port: number): Promise<Attacker> {
  const file = fileURLToPath(new URL("./attacker.js", import.meta.url));
  const child = fork(file, [String(port)]);
  await once(child, "message");
  let count = 0;
  return {
    get count() {
      return count;
    },
    begin: () => tell(child, { begin: true }),
    async end() {
      const ended = once(child, "message");
      tell(child, { end: true });
      const [message] = (await ended) as [AttackerMessage];
      if ("made" in message) count += message.made;
    },
    [Symbol.dispose]() {
      child.kill();
    },
  };
}

function tell(child: ChildProcess, message: AttackerMessage): void {
  child.send(message);
}
