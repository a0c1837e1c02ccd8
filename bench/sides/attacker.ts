/** A hostile peer on bare sockets: `PORT`. Goes through all attacks from `begin` to `end`, each as soon as the last is over. */
import { connect, type Socket } from "node:net";

import { type Attack, attacks } from "./attacks.ts";

/** What an attacker is told, and what it answers. */
export type AttackerMessage =
  { ready: true } | { begin: true } | { end: true } | { made: number };

/** No attack is longer than this: one that is tolerated must not keep the others from their turn. */
const patienceMs = 200;
const port = Number(process.argv[2]);
let isAttacking = false;

// Without its parent a process would outlive the benchmark.
process.on("disconnect", () => process.exit());
process.on("message", (message: AttackerMessage) => {
  if ("begin" in message) begin().catch(fail);
  else isAttacking = false;
});
tell({ ready: true });

async function begin(): Promise<void> {
  isAttacking = true;
  let made = 0;
  while (isAttacking) {
    for (const attack of attacks) {
      if (!isAttacking) break;
      await Promise.all(
        Array.from({ length: attack.connections ?? 1 }, () => make(attack)),
      );
      made += 1;
    }
  }
  tell({ made });
}

/** Until the other side ends it, or patience does. */
async function make({ opening, flood }: Attack): Promise<void> {
  const socket = connect({ port, host: "127.0.0.1", noDelay: true });
  const closed = new Promise((resolve) => socket.once("close", resolve));
  socket.on("error", () => {
    // Shown out: what we came for.
  });
  const timer = setTimeout(() => socket.destroy(), patienceMs);
  socket.write(opening);
  if (flood !== undefined) pour(socket, flood);
  await closed;
  clearTimeout(timer);
}

/** As much as it takes, and nothing is read. */
function pour(socket: Socket, flood: Uint8Array): void {
  const more = (): void => {
    while (!socket.destroyed && socket.write(flood));
  };
  socket.on("drain", more);
  more();
}

function tell(message: AttackerMessage): void {
  process.send?.(message);
}

function fail(error: unknown): never {
  throw error;
}
