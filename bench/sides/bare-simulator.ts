/**
 * A thread in which simulations run with or without what proves them: `sim.overhead` starts one of each.
 *
 * What can be taken away from outside is taken away here, in the copy of the classes that this thread has: the
 * fingerprint takes in nothing, and every handle takes itself for alive. Production code has no switch for it. The
 * counter of draws stays: it is one addition and one comparison in the middle of a draw.
 */
import { parentPort, workerData } from "node:worker_threads";

import { Fingerprint } from "../../src/sim/index.ts";
import { SimHandle } from "../../src/sim/handle.ts";
import { byteRing } from "./byte-ring.ts";

if ((workerData as { bare: boolean }).bare) {
  const nothing = (): void => undefined;
  Object.assign(Fingerprint.prototype, {
    word: nothing,
    integer: nothing,
    event: nothing,
    bytes: nothing,
  });
  Object.defineProperty(SimHandle.prototype, "usable", { value: true });
}

/** Asked for so many messages, answers with the processor time of an event, in nanoseconds. */
parentPort?.on("message", (messages: number) => {
  byteRing({ processes: 5, messages }).then(
    ({ nsPerEvent }) => parentPort?.postMessage(nsPerEvent),
    (error: unknown) => {
      throw error;
    },
  );
});
