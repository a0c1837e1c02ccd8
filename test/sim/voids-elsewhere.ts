/** Started as a program or as a worker: throws into the void there, and tells its parent what came of it. */
import { parentPort } from "node:worker_threads";

import { allVoids } from "./voids.ts";

const reports = await allVoids();
if (parentPort === null) process.send?.(reports);
else parentPort.postMessage(reports);
