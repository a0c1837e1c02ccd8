/** One contestant of an RPC row: a server and a client, each a process of its own, driven over Node's IPC channel. */
import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";

import {
  type CallLoad,
  type CallResult,
  type EchoCall,
  type PourCall,
  runCalls,
  runItems,
} from "../calls.ts";

/** The two halves that a contestant's file brings. */
export interface EchoSide {
  /** Listen on a free port of 127.0.0.1 and answer it. */
  serve(): Promise<number>;
  connect(port: number): Promise<EchoCall>;
  /** For contestants of `rpc.stream`. */
  connectToPour?(port: number): Promise<PourCall>;
}

type Message =
  | { port: number }
  | { load: CallLoad }
  | { result: CallResult }
  | { failed: string };

/** What a contestant's file does when it is started as a process: `server`, or `client PORT`. */
export async function playSide(side: EchoSide): Promise<void> {
  const [role, port] = process.argv.slice(2);
  // Without its parent a process would outlive the benchmark.
  process.on("disconnect", () => process.exit());
  if (role === "server") return tell({ port: await side.serve() });
  const call = await side.connect(Number(port));
  const pour = await side.connectToPour?.(Number(port));
  process.on("message", ({ load }: { load: CallLoad }) => {
    run(load, call, pour).then(
      (result) => tell({ result }),
      (error: unknown) => tell({ failed: String(error) }),
    );
  });
  tell({ port: Number(port) });
}

async function run(
  load: CallLoad,
  call: EchoCall,
  pour: PourCall | undefined,
): Promise<CallResult> {
  if (load.of !== "items") return runCalls(call, load);
  if (pour === undefined) throw new Error("this contestant has no streams");
  return runItems(pour, load);
}

function tell(message: Message): void {
  process.send?.(message);
}

/** A contestant whose two processes run. */
export interface RunningSide extends Disposable {
  /** Where its server listens. */
  readonly port: number;
  /** Calls per second under this load. */
  measure(load: CallLoad): Promise<number>;
}

/** Start the two processes of the contestant in `bench/sides/<name>.ts`. */
export async function startSide(name: string): Promise<RunningSide> {
  const file = fileURLToPath(new URL(`./${name}.js`, import.meta.url));
  const server = fork(file, ["server"]);
  const started = await answer(server, name);
  if (!("port" in started))
    throw new Error(`${name}: the server said ${JSON.stringify(started)}`);
  const client = fork(file, ["client", String(started.port)]);
  await answer(client, name);
  return {
    port: started.port,
    async measure(load) {
      client.send({ load });
      const message = await answer(client, name);
      if (!("result" in message))
        throw new Error(`${name}: the client said ${JSON.stringify(message)}`);
      return (message.result.calls / message.result.elapsedMs) * 1_000;
    },
    [Symbol.dispose]() {
      client.kill();
      server.kill();
    },
  };
}

/** The next message of a process; rejects if it ends instead. */
function answer(child: ChildProcess, name: string): Promise<Message> {
  return new Promise((resolve, reject) => {
    const onExit = (code: number | null): void =>
      reject(new Error(`${name} ended with code ${code}`));
    child.once("exit", onExit);
    child.once("message", (message) => {
      child.off("exit", onExit);
      resolve(message as Message);
    });
  });
}
