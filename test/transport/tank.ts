/** A server and a client of raw bytes in a simulated world. */
import { Endpoint, NetworkAddress, UID } from "../../src/core/index.ts";
import {
  type SimNetwork,
  SimWorld,
  type SimWorldOptions,
} from "../../src/sim/index.ts";
import {
  isReplyError,
  NetTransport,
  type ReplyErrorCode,
  type ReplyPromise,
  type TransportOptions,
} from "../../src/transport/index.ts";

export const serverIp = "10.0.1.1";
export const clientIp = "10.0.1.2";
export const serverAddress: string = `${serverIp}:4500`;
export const echoToken: UID = new UID(1, 2, 3, 4);
export const echo: Endpoint = new Endpoint(
  NetworkAddress.parse(serverAddress),
  echoToken,
);

export type Receive = (promise: ReplyPromise) => void;

export interface Tank {
  readonly world: SimWorld;
  readonly network: SimNetwork;
  readonly server: NetTransport;
  readonly client: NetTransport;
  /** Let simulated time pass. */
  sleep(ms: number): Promise<void>;
}

export interface TankOptions {
  readonly seed?: number;
  readonly world?: Partial<SimWorldOptions>;
  readonly server?: TransportOptions;
  readonly client?: TransportOptions;
  /** What the receiver at `echoToken` does. Default: answer with what came. */
  readonly receive?: Receive;
}

/** Run a test in a world with one server and one client. */
export async function inTank(
  options: TankOptions,
  main: (tank: Tank) => Promise<void>,
): Promise<SimWorld> {
  const world = new SimWorld({ seed: options.seed ?? 1, ...options.world });
  await world.run(async () => {
    const home = world.providers(serverIp);
    const server = await serveEcho(world, options);
    const client = NetTransport.client(
      world.providers(clientIp),
      options.client,
    );
    await main({
      world,
      network: world.network,
      server,
      client,
      sleep: (ms) => world.time.sleep(ms),
    });
    await client.close();
    // The dead close nothing, whoever lives there now.
    const isAlive = world.isAlive(serverIp);
    if (isAlive && world.providers(serverIp) === home) await server.close();
  });
  return world;
}

/** Start the server in the present life of its machine. */
export async function serveEcho(
  world: SimWorld,
  options: TankOptions = {},
): Promise<NetTransport> {
  const server = await NetTransport.listen(
    world.providers(serverIp),
    serverAddress,
    options.server,
  );
  const receive =
    options.receive ?? ((promise) => promise.send(promise.request));
  server.register(echoToken, { receive });
  return server;
}

export const bytes = (...values: number[]): Uint8Array =>
  Uint8Array.from(values);

/** What a call that should fail failed with: code and delivery. */
export async function failure(
  reply: Promise<unknown>,
): Promise<[code: ReplyErrorCode | "none", delivery: string]> {
  try {
    await reply;
    return ["none", "none"];
  } catch (error) {
    if (!isReplyError(error)) throw error;
    return [error.code, error.details.delivery];
  }
}

/** Keeps the promise, and never settles it. */
export const silent = (): void => {
  // Nothing is answered.
};

/** Two transports that listen, each with an echo. */
export interface Pair {
  readonly world: SimWorld;
  readonly left: NetTransport;
  readonly right: NetTransport;
  readonly toLeft: Endpoint;
  readonly toRight: Endpoint;
}

/** Run a test in a world with two servers that know each other. `10.0.1.1` comes before `10.0.1.2`. */
export async function inPair(
  options: TransportOptions,
  main: (pair: Pair) => Promise<void>,
): Promise<void> {
  const world = new SimWorld({ seed: 1 });
  await world.run(async () => {
    const [left, right] = await Promise.all(
      [serverIp, clientIp].map(async (ip) => {
        const address = `${ip}:4500`;
        const providers = world.providers(ip);
        const made = await NetTransport.listen(providers, address, options);
        made.register(echoToken, { receive: (got) => got.send(got.request) });
        return made;
      }),
    );
    if (left === undefined || right === undefined) return;
    await main({
      ...{ world, left, right },
      toLeft: left.endpoint(echoToken),
      toRight: right.endpoint(echoToken),
    });
    await left.close();
    await right.close();
  });
}
