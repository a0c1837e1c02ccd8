/** The bank in a world of one machine, and on real TCP in a folder of its own. */
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { startBank } from "../../examples/bank/bank.ts";
import type { Change } from "../../examples/bank/ledger.ts";
import {
  BankServiceRpc,
  type BankServiceClient,
} from "../../gen/bank/v1/bank_rpc.ts";
import type { Providers } from "../../src/core/index.ts";
import { createClient, NetTransport } from "../../src/index.ts";
import { nodeProviders } from "../../src/node/index.ts";
import { SimWorld } from "../../src/sim/index.ts";

/** One machine that can lose its power. */
export interface Machine {
  /** The present life's providers. */
  readonly providers: Providers;
  /** Power off, and on again. */
  powerCut(): Promise<void>;
}

/** Do something on a simulated machine. */
export function onMachine<T>(
  body: (machine: Machine) => Promise<T>,
): Promise<T> {
  const world = new SimWorld({ seed: 17 });
  const ip = "10.0.1.1";
  const machine: Machine = {
    get providers() {
      return world.providers(ip);
    },
    async powerCut() {
      world.kill(ip);
      await world.time.sleep(1);
    },
  };
  return world.run(() => body(machine));
}

/** An account that is opened with so much. */
export function opening(account: string, cents: bigint): Change {
  return { requestId: `open ${account}`, from: "", to: account, cents };
}

/** A bank on TCP, and a client of it. */
export interface TcpBank {
  readonly address: string;
  readonly port: number;
  /** Where the bank keeps its journal. */
  readonly folder: string;
  readonly bank: BankServiceClient;
  /** Stop the server, do something, and start it again. */
  restart(meanwhile?: () => Promise<void>): Promise<void>;
}

/** Run a bank on the loopback interface in a temporary folder, and take everything away afterwards. */
export async function onTcp(
  body: (tcp: TcpBank) => Promise<void>,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "wavetank-bank-"));
  const port = await freePort();
  const address = `127.0.0.1:${port}`;
  const start = (): Promise<AsyncDisposable> =>
    startBank(nodeProviders({ dataFolder: folder }), address);
  const transport = NetTransport.client(nodeProviders());
  let server = await start();
  const restart = async (meanwhile?: () => Promise<void>): Promise<void> => {
    await server[Symbol.asyncDispose]();
    await meanwhile?.();
    server = await start();
  };
  try {
    await body({
      address,
      port,
      folder,
      bank: createClient(BankServiceRpc, transport, address),
      restart,
    });
  } finally {
    await transport.close();
    await server[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true });
  }
}

/** A port that nobody listens at, a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => {
    server.close(resolve);
  });
  return port;
}
