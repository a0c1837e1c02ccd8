/** Every call that a process can make on what it was given. */
import {
  OpenOptions,
  type Connection,
  type Listener,
  type StorageFile,
} from "../../src/core/index.ts";
import type { SimProviders, SimWorld } from "../../src/sim/index.ts";
import { ipA, ipB, port } from "./support.ts";

/** What a process came to hold while it lived. */
export interface Holdings {
  readonly providers: SimProviders;
  readonly listener: Listener;
  readonly connection: Connection;
  readonly file: StorageFile;
  readonly closedFile: StorageFile;
}

/** Let the process at `ipB` acquire one of everything, from a server at `ipA`. */
export async function acquire(world: SimWorld): Promise<Holdings> {
  const server = await world.providers(ipA).network.bind(`${ipA}:${port}`);
  const providers = world.providers(ipB);
  const { network, storage } = providers;
  const [listener, connection] = [
    await network.bind(`${ipB}:${port}`),
    await network.connect(server.address),
  ];
  const [file, closedFile] = [
    await storage.open("file", openOrCreate),
    await storage.open("closed", openOrCreate),
  ];
  await closedFile.close();
  return { providers, listener, connection, file, closedFile };
}

/** By name, the calls that return a promise. */
export function waitingCalls(
  held: Holdings,
): Record<string, () => Promise<unknown>> {
  const { providers, listener, connection, file, closedFile } = held;
  const { network, storage, tasks, time } = providers;
  const bytes = Uint8Array.of(1, 2, 3);
  return {
    "time.sleep": () => time.sleep(1),
    "time.sleep with a signal": () =>
      time.sleep(1, { signal: new AbortController().signal }),
    "tasks.yieldNow": () => tasks.yieldNow(),
    "tasks.spawn": () =>
      tasks
        .spawn("ghost", () =>
          Promise.reject(new Error("this task must not begin")),
        )
        .join(),
    "network.bind": () => network.bind(`${ipB}:0`),
    "network.connect": () => network.connect(`${ipA}:${port}`),
    "listener.accept": () => listener.accept(),
    "listener.close": () => listener.close(),
    "connection.read": () => connection.read(),
    "connection.write": () => connection.write(bytes),
    "storage.open": () => storage.open("other", openOrCreate),
    "storage.exists": () => storage.exists("file"),
    "storage.delete": () => storage.delete("file"),
    "storage.rename": () => storage.rename("file", "other"),
    "file.readAt": () => file.readAt(0, 1),
    "file.writeAt": () => file.writeAt(0, bytes),
    "file.append": () => file.append(bytes),
    "file.sync": () => file.sync(),
    "file.size": () => file.size(),
    "file.setLen": () => file.setLen(0),
    "file.close": () => file.close(),
    "readAt of a closed file": () => closedFile.readAt(0, 1),
  };
}

/** By name, the calls that return nothing. */
export function silentCalls({
  providers,
  connection,
}: Holdings): Record<string, () => void> {
  return {
    "connection.end": () => connection.end(),
    "connection.close": () => connection.close(),
    "connection.reset": () => connection.reset(),
    "tasks.defer": () => providers.tasks.defer(never),
    "trace.emit": () => providers.trace.emit("event", {}),
    "time.now": () => void providers.time.now(),
    "time.wallClock": () => void providers.time.wallClock(),
  };
}

const { openOrCreate } = OpenOptions;

function never(): void {
  throw new Error("this callback must not run");
}
