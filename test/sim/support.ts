/** What the tests of the simulated world do again and again. */
import {
  SimWorld,
  type Crash,
  type SimProviders,
  type SimWorldOptions,
  type StorageConfiguration,
} from "../../src/sim/index.ts";
import { concatBytes } from "../../src/base/bytes.ts";
import {
  isNetworkError,
  OpenOptions,
  type NetworkErrorCode,
  type Connection,
  type Listener,
} from "../../src/core/index.ts";

export const ipA = "10.0.1.1";
export const ipB = "10.0.1.2";
export const ipC = "10.0.1.3";
export const port = 4_500;

export function worldOf(options: Partial<SimWorldOptions> = {}): SimWorld {
  return new SimWorld({ seed: 1, ...options });
}

/** A world that takes note of crashes instead of failing with them. */
export function forgivingWorld(options: Partial<SimWorldOptions> = {}): {
  world: SimWorld;
  crashes: Crash[];
} {
  const crashes: Crash[] = [];
  const world = worldOf({
    onCrash: (crash) => crashes.push(crash),
    ...options,
  });
  return { world, crashes };
}

/** A disk of known speed, that loses in a crash exactly what was not synced. */
export const strictDisk: Readonly<Partial<StorageConfiguration>> = {
  readMs: [1, 1],
  writeMs: [10, 10],
  syncMs: [50, 50],
  iops: Infinity,
  bytesPerSecond: Infinity,
  unsynced: "lost",
};

/** Both ends of one connection: `ipA` listens, `ipB` connects. */
export interface Pair {
  readonly listener: Listener;
  readonly client: Connection;
  readonly server: Connection;
}

/** Connect two machines from outside of both, inside a running world. */
export async function connect(
  world: SimWorld,
  onPort: number = port,
): Promise<Pair> {
  const listener = await world.providers(ipA).network.bind(`${ipA}:${onPort}`);
  const client = await world.providers(ipB).network.connect(`${ipA}:${onPort}`);
  return { listener, client, server: await listener.accept() };
}

/** `ipA` listens. */
export function listen(world: SimWorld): Promise<Listener> {
  return world.providers(ipA).network.bind(`${ipA}:${port}`);
}

/** `ipB` connects to it. */
export function dial(world: SimWorld): Promise<Connection> {
  return world.providers(ipB).network.connect(`${ipA}:${port}`);
}

/** The same, and how it went. */
export async function codeOf(
  world: SimWorld,
): Promise<NetworkErrorCode | "connected"> {
  try {
    await dial(world);
    return "connected";
  } catch (error) {
    if (isNetworkError(error)) return error.code;
    throw error;
  }
}

/** Everything up to the end of the stream, and how it ended. */
export async function drain(
  connection: Connection,
): Promise<{ bytes: Uint8Array; end: "end" | Error }> {
  const chunks: Uint8Array[] = [];
  try {
    for (
      let chunk = await connection.read();
      chunk !== undefined;
      chunk = await connection.read()
    )
      chunks.push(chunk);
    return { bytes: joined(chunks), end: "end" };
  } catch (error) {
    return { bytes: joined(chunks), end: error as Error };
  }
}

function joined(chunks: Uint8Array[]): Uint8Array {
  return chunks.length === 0 ? new Uint8Array(0) : concatBytes(chunks);
}

/** Bytes that tell at every place where they belong. */
export function pattern(length: number, from = 0): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let index = 0; index < length; index += 1) {
    const place = from + index;
    bytes[index] = (place * 31 + (place >>> 8) * 7 + (place >>> 16)) & 0xff;
  }
  return bytes;
}

/** Let `promise` be, and tell later whether it settled. */
export function watch(promise: Promise<unknown>): {
  readonly settled: boolean;
} {
  const watched = { settled: false };
  const settle = (): void => {
    watched.settled = true;
  };
  promise.then(settle, settle);
  return watched;
}

/** A server that sends back what it gets. */
export async function echo({ network }: SimProviders): Promise<void> {
  const listener = await network.bind(`0.0.0.0:${port}`);
  for (;;) {
    const connection = await listener.accept();
    for (
      let chunk = await connection.read();
      chunk !== undefined;
      chunk = await connection.read()
    ) {
      await connection.write(chunk);
    }
    connection.close();
  }
}

/** A bit of everything: network, disk, timers, tasks and chance. Returns what it saw. */
export async function busyClient({
  network,
  storage,
  tasks,
  time,
  random,
}: SimProviders): Promise<string> {
  const log: string[] = [];
  const file = await storage.open("log", OpenOptions.openOrCreate);
  const ticker = tasks.spawn("ticker", async (signal) => {
    for (let tick = 0; !signal.aborted; tick += 1) {
      log.push(`tick ${tick} at ${time.now()}`);
      await time.sleep(random.range(1, 4), { signal }).catch(() => "stopped");
    }
  });
  const connection = await network.connect(`${ipA}:${port}`);
  for (let round = 0; round < 8; round += 1) {
    await Promise.all([
      connection.write(random.bytes(random.range(1, 3_000))),
      file.append(random.bytes(100)),
    ]);
    log.push(`got ${(await connection.read())?.length} at ${time.now()}`);
    await file.sync();
    await tasks.yieldNow();
  }
  connection.end();
  log.push(`then ${(await drain(connection)).bytes.length}`);
  ticker.abort();
  await ticker.join().catch((error: Error) => log.push(error.message));
  return log.join("\n");
}

/** Run that client against that server; what it saw, and the fingerprint of it all. */
export async function busyRun(
  options: Partial<SimWorldOptions> = {},
  prepare: (world: SimWorld) => void = () => undefined,
): Promise<{ log: string; fingerprint: string }> {
  const world = worldOf(options);
  prepare(world);
  world.boot(ipA, echo);
  const log = await world.run(() => busyClient(world.providers(ipB)));
  world.end();
  return { log, fingerprint: world.fingerprint };
}
