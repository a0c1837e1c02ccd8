/** A world with several servers that offer the same service, and a client that knows all of them. */
import {
  type BalanceOptions,
  type ClientOptions,
  createBalancedClient,
  EndpointPool,
  isRpcError,
  type PoolAddress,
  serve,
  type ServerHandle,
} from "../../../src/rpc/index.ts";
import type { EndpointCounters } from "../../../src/rpc/balance/endpoint-load.ts";
import { SimWorld, type SimWorldOptions } from "../../../src/sim/index.ts";
import { NetTransport } from "../../../src/transport/index.ts";
import {
  type NotesClient,
  type NotesHandler,
  NotesRpc,
  plainHandler,
} from "../notes.ts";

export const clientIp = "10.0.9.1";

/** One of the servers. */
export interface Counter {
  readonly ip: string;
  readonly address: string;
  readonly transport: NetTransport;
  readonly handle: ServerHandle;
  /** How often each method ran here. */
  readonly ran: { write: number; read: number; hint: number };
}

export interface Hall {
  readonly world: SimWorld;
  readonly counters: readonly Counter[];
  readonly client: NetTransport;
  readonly pool: EndpointPool;
  readonly notes: NotesClient;
  sleep(ms: number): Promise<void>;
  /** A server at the address of the one with that number, in the present life of its machine. */
  open(index: number): Promise<Counter>;
}

export interface HallOptions {
  readonly seed?: number;
  readonly world?: Partial<SimWorldOptions>;
  /** How many servers are open. Default 3. */
  readonly count?: number;
  /** Who else is in the pool, after the servers: by default nobody. */
  readonly others?: readonly PoolAddress[];
  readonly pool?: (addresses: readonly string[]) => readonly PoolAddress[];
  readonly balance?: BalanceOptions;
  readonly options?: ClientOptions;
  /** Default `NotesRpc`. */
  readonly spec?: typeof NotesRpc;
  /** What a server does. Default: what `plainHandler` does. */
  readonly handler?: (index: number, world: SimWorld) => Partial<NotesHandler>;
}

/** Run a test among servers `10.0.1.1:4500`, `10.0.1.2:4500` … */
export async function inHall(
  options: HallOptions,
  main: (hall: Hall) => Promise<void>,
): Promise<SimWorld> {
  const world = new SimWorld({ seed: options.seed ?? 1, ...options.world });
  await world.run(async () => {
    const open = (index: number): Promise<Counter> =>
      openCounter(world, index, options);
    const counters: Counter[] = [];
    for (let index = 0; index < (options.count ?? 3); index += 1)
      counters.push(await open(index));
    const client = NetTransport.client(world.providers(clientIp));
    const addresses = counters.map(({ address }) => address);
    const { pool: named = (all) => all, others = [] } = options;
    const pool = new EndpointPool(
      client,
      [...named(addresses), ...others],
      options.balance,
    );
    const spec = options.spec ?? NotesRpc;
    const notes = createBalancedClient(spec, client, pool, options.options);
    const sleep = (ms: number): Promise<void> => world.time.sleep(ms);
    await main({ world, counters, client, pool, notes, sleep, open });
    await client.close();
    for (const { ip, transport } of counters)
      if (world.isAlive(ip)) await transport.close();
  });
  return world;
}

async function openCounter(
  world: SimWorld,
  index: number,
  options: HallOptions,
): Promise<Counter> {
  const ip = `10.0.1.${index + 1}`;
  const address = `${ip}:4500`;
  const transport = await NetTransport.listen(world.providers(ip), address);
  const ran = { write: 0, read: 0, hint: 0 };
  const own: NotesHandler = {
    ...plainHandler,
    ...options.handler?.(index, world),
  };
  const handle = serve(transport, options.spec ?? NotesRpc, {
    write: (request, context) => (
      (ran.write += 1),
      own.write(request, context)
    ),
    read: (request, context) => ((ran.read += 1), own.read(request, context)),
    hint: (request, context) => ((ran.hint += 1), own.hint(request, context)),
  });
  return { ip, address, transport, handle, ran };
}

/** Never answers. */
export const never = (): Promise<never> => new Promise(() => undefined);

/** Answers after so long. */
export function after(
  world: SimWorld,
  ms: () => number,
): () => Promise<{ cents: bigint }> {
  return async () => {
    await world.time.sleep(ms());
    return { cents: 1n };
  };
}

/** How a call ended: `ok`, or code and delivery. */
export async function ending(call: Promise<unknown>): Promise<string> {
  try {
    await call;
    return "ok";
  } catch (error) {
    if (!isRpcError(error)) throw error;
    return `${error.code} ${error.delivery}`;
  }
}

/** How often a handler ran, of any unary method at any server. */
export function ranIn({ counters }: Hall): number {
  return counters.reduce((sum, { ran }) => sum + ran.write + ran.read, 0);
}

/** Every connection breaks. */
export function resetAll({ world }: Hall): void {
  for (const { client } of world.network.circuits) client.reset();
}

/** What happened at all servers together. */
export function sums({ pool }: Hall): EndpointCounters {
  const all = { requests: 0, retries: 0, backups: 0, backupsWon: 0 };
  const sum = { ...all, failures: 0 };
  for (const endpoint of pool.metrics().endpoints)
    for (const name of Object.keys(sum) as (keyof EndpointCounters)[])
      sum[name] += endpoint[name];
  return sum;
}

/** What must be nothing at rest. */
export function leftovers({ client, pool }: Hall): Record<string, number> {
  const { callCount, deadlineCount } = client.metrics();
  const { endpoints } = pool.metrics();
  const outstanding = endpoints.reduce((sum, one) => sum + one.outstanding, 0);
  const { waiterCount } = client.failureMonitor;
  return { callCount, deadlineCount, outstanding, waiterCount };
}

export const nothing: Record<string, number> = {
  callCount: 0,
  deadlineCount: 0,
  outstanding: 0,
  waiterCount: 0,
};
