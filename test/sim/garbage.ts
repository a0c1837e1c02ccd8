/** Looking at what the collector leaves. */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

setFlagsFromString("--expose-gc");
const collectNow = runInNewContext("gc") as () => void;

/** Collect all garbage. What a job has seen alive stays so until the job ends, hence the turns of the event loop. */
export async function collectGarbage(): Promise<void> {
  for (let turn = 0; turn < 3; turn += 1) {
    await new Promise((resolve) => setImmediate(resolve));
    collectNow();
  }
}

/** Bytes on this thread's heap, after collecting. */
export async function heapBytes(): Promise<number> {
  await collectGarbage();
  return process.memoryUsage().heapUsed;
}
