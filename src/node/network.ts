/** The network of this machine. */
import { type AddressInfo, createServer, type Server } from "node:net";

import type { Given } from "../base/with-defaults.ts";
import {
  type Connection,
  type DatagramSocket,
  type Listener,
  type NetworkAddress,
  type NetworkProvider,
  type RemoteAddress,
  silentTrace,
  toAddress,
  toRemoteAddress,
  type Trace,
  type WaitOptions,
} from "../core/index.ts";
import { type NodeConfig, resolveNodeConfig } from "./config.ts";
import { openDatagramSocket } from "./datagram.ts";
import { NodeListener } from "./listener.ts";
import { bindError } from "./network-error.ts";
import { openConnection } from "./open-connection.ts";
import { addressOf } from "./socket-address.ts";
import { neededTls } from "./tls-config.ts";

/**
 * TCP through `node:net`, without Nagle's delay, and TLS at addresses with the
 * TLS flag. `connect` also takes a name, `localhost:80` or `tls://bank:443`, and
 * resolves it as Node does.
 */
export class NodeNetworkProvider implements NetworkProvider {
  readonly #config: Readonly<NodeConfig>;
  readonly #trace: Trace;

  constructor(config: Given<NodeConfig> = {}, trace: Trace = silentTrace) {
    this.#config = resolveNodeConfig(config);
    this.#trace = trace;
  }

  async bind(address: string | NetworkAddress): Promise<Listener> {
    const wanted = toAddress(address);
    if (wanted.isTls) neededTls(this.#config.tls, wanted);
    const server = await listen(wanted, this.#config);
    const actual = server.address() as AddressInfo;
    const { address: ip, port } = actual;
    return new NodeListener(server, addressOf(ip, port, wanted.flags), {
      config: this.#config,
      trace: this.#trace,
    });
  }

  async connect(
    address: string | RemoteAddress,
    options: WaitOptions = {},
  ): Promise<Connection> {
    const target = toRemoteAddress(address);
    options.signal?.throwIfAborted();
    return openConnection(target, this.#config, options.signal);
  }

  async bindDatagram(
    address: string | NetworkAddress,
  ): Promise<DatagramSocket> {
    return openDatagramSocket(toAddress(address));
  }
}

/** Resolve once the server listens. */
function listen(address: NetworkAddress, config: NodeConfig): Promise<Server> {
  const server = createServer({
    allowHalfOpen: true,
    noDelay: true,
    pauseOnConnect: true,
    highWaterMark: config.writeBufferBytes,
  });
  return new Promise((resolve, reject) => {
    const failed = (cause: Error): void =>
      reject(bindError(address.key, cause));
    server.once("error", failed);
    server.listen(
      { host: address.ip, port: address.port, exclusive: true },
      () => {
        server.off("error", failed);
        resolve(server);
      },
    );
  });
}
