/** The same server and clients over Node's own sockets, over providers on TCP, and over a simulated network. */
import { once } from "node:events";
import { Agent } from "node:http";
import { type AddressInfo, connect } from "node:net";

import type { Providers } from "../../../src/core/index.ts";
import {
  connectDuplex,
  httpAgent,
  nodeProviders,
  serveHttp,
} from "../../../src/node/index.ts";
import { SimWorld } from "../../../src/sim/index.ts";
import { site } from "./site.ts";
import type { Visit } from "./visit.ts";

type Use<T> = (visit: Visit) => Promise<T>;
type HttpWorld = <T>(use: Use<T>) => Promise<T>;

const patienceMs = 300;

/** A visit that goes over providers. */
export function providerVisit(
  providers: Providers,
  target: { host: string; port: number; patienceMs: number; agent: Agent },
): Visit {
  const { network, time, random } = providers;
  const { host, port } = target;
  return {
    ...target,
    connect: () =>
      connectDuplex(network, `${host}:${port}`, { time, allowHalfOpen: true }),
    bytes: (length) => random.bytes(length),
    sleep: (ms) => time.sleep(ms),
  };
}

async function withProviders<T>(
  { server, client }: { server: Providers; client: Providers },
  host: string,
  use: Use<T>,
): Promise<T> {
  const service = await serveHttp(server, `${host}:0`, site());
  const agent = httpAgent(client, { keepAlive: true });
  const { port } = service.address;
  const target = { host, port, patienceMs, agent };
  try {
    return await use(providerVisit(client, target));
  } finally {
    agent.destroy();
    service.server.closeAllConnections();
    await service.close();
  }
}

async function withNode<T>(use: Use<T>): Promise<T> {
  const server = site().listen(0, "127.0.0.1");
  await once(server, "listening");
  const agent = new Agent({ keepAlive: true });
  const { port } = server.address() as AddressInfo;
  const { time, random } = nodeProviders();
  const host = "127.0.0.1";
  try {
    return await use({
      ...{ host, port, agent, patienceMs },
      connect: () => connect({ host, port, allowHalfOpen: true }),
      bytes: (length) => random.bytes(length),
      sleep: (ms) => time.sleep(ms),
    });
  } finally {
    agent.destroy();
    server.closeAllConnections();
    server.close();
  }
}

function withWorld<T>(use: Use<T>): Promise<T> {
  const world = new SimWorld({ seed: 3 });
  const host = "10.0.1.1";
  const [server, client] = [host, "10.0.1.2"].map((ip) => world.providers(ip));
  return world.run(() => withProviders({ server, client } as never, host, use));
}

function withTcp<T>(use: Use<T>): Promise<T> {
  const both = { server: nodeProviders(), client: nodeProviders() };
  return withProviders(both, "127.0.0.1", use);
}

export const httpWorlds: readonly (readonly [who: string, world: HttpWorld])[] =
  [
    ["Node's own sockets", withNode],
    ["providers on TCP", withTcp],
    ["a simulated network", withWorld],
  ];
