/** What the proof of every run costs: the same simulation with it and without. */
import { once } from "node:events";
import { Worker } from "node:worker_threads";

import { medians } from "../rounds.ts";
import type { Row } from "../row.ts";

const messages = 200_000;
const warmUpMessages = 100_000;

/** Bytes, draws, timers and owners: a byte connection has all that is fingerprinted and checked. */
export const simOverhead: Row = {
  id: "sim.overhead",
  what: "sim.bytes with fingerprint and owner checks against the same without",
  unit: "×",
  target: { text: "≤ 1.10×", isMet: ({ value }) => value <= 1.1 },
  async run() {
    const [whole, bare] = [startSimulator(false), startSimulator(true)];
    try {
      for (const simulator of [whole, bare])
        await rateOf(simulator, warmUpMessages);
      const rates = await medians({
        whole: () => rateOf(whole, messages),
        bare: () => rateOf(bare, messages),
      });
      return { value: rates.bare / rates.whole, against: {} };
    } finally {
      await Promise.all([whole.terminate(), bare.terminate()]);
    }
  },
};

function startSimulator(bare: boolean): Worker {
  const file = new URL("../sides/bare-simulator.js", import.meta.url);
  return new Worker(file, { workerData: { bare } });
}

async function rateOf(simulator: Worker, count: number): Promise<number> {
  simulator.postMessage(count);
  const [rate] = (await once(simulator, "message")) as [number];
  return rate;
}
