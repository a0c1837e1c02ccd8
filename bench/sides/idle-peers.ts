/**
 * Two processes with many connections between them: `remote` listens at every loopback address at once, `holder COUNT
 * PORT` talks to so many of them, each a peer of its own, once, and rests.
 */
import { Endpoint, NetworkAddress, UID } from "../../src/core/index.ts";
import { nodeProviders } from "../../src/node/index.ts";
import { NetTransport } from "../../src/transport/index.ts";

/** What a process says when it is ready, and again whenever it is asked. */
export interface IdleNews {
  readonly port: number;
  readonly connectionCount: number;
  /** Resident memory of the whole process. */
  readonly residentBytes: number;
}

const token = new UID(1, 2, 3, 4);
const payload = new Uint8Array(64);
const atOnce = 100;

async function listen(port: number): Promise<NetTransport> {
  const transport = await NetTransport.listen(
    nodeProviders(),
    `0.0.0.0:${port}`,
    { connectionCountMax: 20_000, connectionCountPerIpMax: 20_000 },
  );
  transport.register(token, {
    receive: (message) => message.send(message.request),
  });
  return transport;
}

async function hold(count: number, port: number): Promise<NetTransport> {
  const transport = NetTransport.client(nodeProviders());
  let next = 0;
  const greet = async (): Promise<void> => {
    while (next < count) {
      const endpoint = new Endpoint(addressOf(next++, port), token);
      await transport.tryGetReply(endpoint, payload);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, greet));
  return transport;
}

/** On Linux all of 127.0.0.0/8 is this machine. */
function addressOf(index: number, port: number): NetworkAddress {
  return NetworkAddress.parse(`127.1.${index >> 8}.${index & 255}:${port}`);
}

async function freePort(): Promise<number> {
  await using listener = await nodeProviders().network.bind("127.0.0.1:0");
  return listener.address.port;
}

// Without its parent a process would outlive the benchmark.
process.on("disconnect", () => process.exit());
const [role, count, given] = process.argv.slice(2);
const port = role === "remote" ? await freePort() : Number(given);
const transport = await (role === "remote"
  ? listen(port)
  : hold(Number(count), port));
const tell = (): void => {
  const { connectionCount } = transport.metrics();
  const residentBytes = process.memoryUsage.rss();
  process.send?.({ port, connectionCount, residentBytes } satisfies IdleNews);
};
process.on("message", tell);
tell();
