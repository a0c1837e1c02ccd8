/** Where a service is tried: in a simulated world and over real TCP, by the same code. */
import { nodeProviders } from "../../src/node/index.ts";
import { SimWorld } from "../../src/sim/index.ts";
import { NetTransport } from "../../src/transport/index.ts";

/** Two ends of a connection. */
export interface Place {
  readonly server: NetTransport;
  readonly client: NetTransport;
  /** Where the server listens. */
  readonly address: string;
  sleep(ms: number): Promise<void>;
}

export type InPlace = (main: (place: Place) => Promise<void>) => Promise<void>;

/** Each place by its name, for the title of a test. */
export const places: readonly (readonly [where: string, inPlace: InPlace])[] = [
  ["in a simulated world", inSimulation],
  ["over TCP", overTcp],
];

export async function inSimulation(
  main: (place: Place) => Promise<void>,
): Promise<void> {
  const world = new SimWorld({ seed: 1 });
  await world.run(async () => {
    const address = "10.0.1.1:4500";
    const providers = world.providers("10.0.1.1");
    const server = await NetTransport.listen(providers, address);
    const client = NetTransport.client(world.providers("10.0.1.2"));
    await main({
      ...{ server, client, address },
      sleep: (ms) => world.time.sleep(ms),
    });
    await client.close();
    await server.close();
  });
}

export async function overTcp(
  main: (place: Place) => Promise<void>,
): Promise<void> {
  const providers = nodeProviders();
  await using server = await NetTransport.listen(providers, "127.0.0.1:0");
  await using client = NetTransport.client(nodeProviders());
  await main({
    ...{ server, client },
    address: server.address?.key ?? "",
    sleep: (ms) => providers.time.sleep(ms),
  });
}
