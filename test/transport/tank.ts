/** A server and a client of raw bytes in a simulated world. */
import { Endpoint, NetworkAddress, UID } from "../../src/core/index.ts";
import {
  type SimNetwork,
  SimWorld,
  type SimWorldOptions,
} from "../../src/sim/index.ts";
import {
  NetTransport,
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
    await server.close();
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
