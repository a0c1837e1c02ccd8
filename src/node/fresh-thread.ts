/** A function called where every module is new: nothing that happened before can have left anything behind. */
import { Worker } from "node:worker_threads";

/** What to call: an exported function of a module. It is given, and gives, plain data. */
export interface FreshCall {
  /** The module's address: `import.meta.url`. */
  readonly module: string;
  readonly name: string;
  readonly argument: unknown;
}

/**
 * Call it in a thread of its own, which ends with the call. What it prints is not shown. Rejects with what it threw, or
 * when the thread ends without an answer.
 */
export async function callInFreshThread(call: FreshCall): Promise<unknown> {
  const worker = new Worker(bootstrap, {
    ...{
      eval: true,
      workerData: { ...call, sourceMaps: process.sourceMapsEnabled },
    },
    ...{ stdout: true, stderr: true },
  });
  worker.stdout.resume();
  worker.stderr.resume();
  try {
    return await answerOf(worker);
  } finally {
    await worker.terminate();
  }
}

type Answer = { readonly value: unknown } | { readonly error: string };

function answerOf(worker: Worker): Promise<unknown> {
  return new Promise((resolve, reject) => {
    worker.once("message", (answer: Answer) => {
      if ("error" in answer) reject(new Error(answer.error));
      else resolve(answer.value);
    });
    worker.once("error", reject);
    worker.once("exit", (code) =>
      reject(new Error(`the thread ended with code ${code} and no answer`)),
    );
  });
}

/** As text, so that there is no file that only a thread would load. */
const bootstrap = `
const { parentPort, workerData } = require("node:worker_threads");
process.setSourceMapsEnabled(workerData.sourceMaps);
import(workerData.module)
  .then((module) => module[workerData.name](workerData.argument))
  .then(
    (value) => parentPort.postMessage({ value }),
    (error) => parentPort.postMessage({ error: String(error?.message ?? error) }),
  );
`;
