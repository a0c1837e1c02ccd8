/** What the proof of every run costs: the same simulation with it and without. */
import { once } from "node:events";
import { Worker } from "node:worker_threads";

import { medians } from "../rounds.ts";
import type { Row } from "../row.ts";

const messages = 200_000;
const warmUpMessages = 100_000;
/** It is about a few per cent, so it takes more rounds than other rows. */
const rounds = 9;

/** Bytes, draws, timers and owners: a byte connection has all that is fingerprinted and checked. */
export const simOverhead: Row = {
  id: "sim.overhead",
  what: "sim.bytes with fingerprint and owner checks against the same without, by processor time",
  unit: "×",
  target: { text: "≤ 1.10×", isMet: ({ value }) => value <= 1.1 },
  async run() {
    const { whole, bare } = await medians(
      { whole: () => costOf(false), bare: () => costOf(true) },
      rounds,
    );
    return {
      value: whole / bare,
      against: {},
      note: `an event costs ${whole.toFixed(0)} ns with them, ${bare.toFixed(0)} ns without`,
    };
  },
};

/**
 * Nanoseconds an event, in a thread of its own: what the compiler makes of the same code differs from thread to thread,
 * so that two threads, however often they are asked, would compare two of its moods.
 */
async function costOf(bare: boolean): Promise<number> {
  const file = new URL("../sides/bare-simulator.js", import.meta.url);
  const simulator = new Worker(file, { workerData: { bare } });
  try {
    await ask(simulator, warmUpMessages);
    return await ask(simulator, messages);
  } finally {
    await simulator.terminate();
  }
}

async function ask(simulator: Worker, count: number): Promise<number> {
  simulator.postMessage(count);
  const [nsPerEvent] = (await once(simulator, "message")) as [number];
  return nsPerEvent;
}
