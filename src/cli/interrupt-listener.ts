/**
 * Hears Ctrl-C while the main thread cannot: a terminal tells every process that it runs, so a small one that does
 * nothing but wait dies of it, and whoever started that one learns of it on a thread of its own.
 */
import { spawn } from "node:child_process";

export interface InterruptListener {
  /** Stop listening. */
  stop(): void;
}

/** Call `heard` at the next Ctrl-C. Where no process can be started, it never is. */
export function listenForInterrupt(heard: () => void): InterruptListener {
  // It ends by itself when its input does: should this process be killed, it stays behind for nobody.
  const waiting = spawn(process.execPath, ["-e", "process.stdin.resume()"], {
    stdio: ["pipe", "ignore", "ignore"],
    env: {},
  });
  let stopped = false;
  waiting.once("exit", (_, signal) => {
    if (!stopped && signal === "SIGINT") heard();
  });
  waiting.once("error", () => undefined);
  return {
    stop() {
      stopped = true;
      waiting.kill();
    },
  };
}
