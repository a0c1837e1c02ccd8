/** What the proof of every run costs: the same simulation with it and without. */
import { once } from "node:events";
import { Worker } from "node:worker_threads";

import { medians } from "../rounds.ts";
import type { Row } from "../row.ts";

const messages = 200_000;
const warmUpMessages = 200_000;
/** It is about a few per cent, so it takes more rounds than other rows. */
const rounds = 15;

/** Bytes, draws, timers and owners: a byte connection has all that is fingerprinted and checked. */
export const simOverhead: Row = {
  id: "sim.overhead",
  what: "sim.bytes with fingerprint and owner checks against the same without, by processor time",
  unit: "×",
  target: { text: "≤ 1.10×", isMet: ({ value }) => value <= 1.1 },
  async run() {
    const [whole, bare] = [startSimulator(false), startSimulator(true)];
    try {
      for (const simulator of [whole, bare])
        await costOf(simulator, warmUpMessages);
      const costs = await medians(
        {
          whole: () => costOf(whole, messages),
          bare: () => costOf(bare, messages),
        },
        rounds,
      );
      return {
        value: costs.whole / costs.bare,
        against: {},
        note: `an event costs ${costs.whole.toFixed(0)} ns with them, ${costs.bare.toFixed(0)} ns without`,
      };
    } finally {
      await Promise.all([whole.terminate(), bare.terminate()]);
    }
  },
};

function startSimulator(bare: boolean): Worker {
  const file = new URL("../sides/bare-simulator.js", import.meta.url);
  return new Worker(file, { workerData: { bare } });
}

/** Processor time is that of the process, in which one thread at a time has anything to do. */
async function costOf(simulator: Worker, count: number): Promise<number> {
  simulator.postMessage(count);
  const [nsPerEvent] = (await once(simulator, "message")) as [number];
  return nsPerEvent;
}
