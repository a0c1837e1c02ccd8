/**
 * Tells which seed holds the thread: a program that loops without ever awaiting lets nothing else of this thread happen,
 * not even Ctrl-C. So somebody on another thread has to say so, and hear it. This file is that thread's program as well.
 */
import { writeSync } from "node:fs";
import { setTimeout } from "node:timers/promises";
import { isMainThread, Worker, workerData } from "node:worker_threads";

import { listenForInterrupt } from "./interrupt-listener.ts";

const standardError = 2;
/** How often the main thread shows that its event loop turns. */
const beatMs = 50;

interface WatchdogData {
  readonly watchdog: true;
  /** One counter, which goes up as long as the event loop turns. */
  readonly beats: Int32Array<SharedArrayBuffer>;
  /** One seed: the one that runs. */
  readonly seed: Float64Array<SharedArrayBuffer>;
  readonly limitMs: number;
  readonly pid: number;
}

export interface Watchdog extends Disposable {
  /** This seed begins. */
  begins(seed: number): void;
}

/** Watch this thread until disposed of. */
export function startWatchdog(limitMs: number): Watchdog {
  const beats = new Int32Array(new SharedArrayBuffer(4));
  const seed = new Float64Array(new SharedArrayBuffer(8));
  const data: WatchdogData = {
    ...{ watchdog: true, beats, seed, limitMs, pid: process.pid },
  };
  const worker = new Worker(new URL(import.meta.url), {
    workerData: data,
    // None of the program under test belongs there.
    execArgv: [],
  });
  worker.unref();
  const beat = (): void => {
    Atomics.add(beats, 0, 1);
    Atomics.notify(beats, 0);
  };
  const timer = setInterval(beat, beatMs).unref();
  return {
    begins(which) {
      seed[0] = which;
    },
    [Symbol.dispose]() {
      clearInterval(timer);
      // Nobody waits for its end: it holds nothing.
      worker.terminate().catch(() => undefined);
    },
  };
}

/** The other thread: wait for a beat, and say so when none comes. Writes by itself, for the main thread cannot. */
async function watch(data: WatchdogData): Promise<void> {
  const { beats, seed, limitMs, pid } = data;
  for (;;) {
    const seen = Atomics.load(beats, 0);
    if (Atomics.wait(beats, 0, seen, limitMs) !== "timed-out") continue;
    // Whoever is told that Ctrl-C ends it may press it at once.
    const listener = listenForInterrupt(() => {
      writeSync(standardError, `\nended by Ctrl-C in seed ${seed[0]}\n`);
      process.kill(pid, "SIGKILL");
    });
    writeSync(
      standardError,
      `\nseed ${seed[0]} has kept the thread for ${limitMs} ms: the program loops without awaiting anything. ` +
        `Ctrl-C ends it, and so does kill -9 ${pid}\n`,
    );
    // Here the thread must not block, or it would not hear either.
    while (Atomics.load(beats, 0) === seen) await setTimeout(beatMs);
    listener.stop();
  }
}

function isWatchdogData(data: unknown): data is WatchdogData {
  return typeof data === "object" && data !== null && "watchdog" in data;
}

if (!isMainThread && isWatchdogData(workerData)) await watch(workerData);
