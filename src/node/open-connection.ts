/** Making a TCP connection. */
import { connect, type NetConnectOpts, type Socket } from "node:net";

import { NetworkError, onAbort, type RemoteAddress } from "../core/index.ts";
import type { NodeConfig } from "./config.ts";
import { NodeConnection } from "./connection.ts";
import { connectError } from "./network-error.ts";
import { resetSocket } from "./reset-socket.ts";
import { peerNameOf, secureClient } from "./secure-socket.ts";
import { hasAddresses } from "./socket-address.ts";
import { needsTls, type TlsConfig } from "./tls-config.ts";

/**
 * Resolve once connected. In every other case the socket is destroyed and the
 * promise rejects: with `NetworkError`, or with the signal's reason.
 */
export function openConnection(
  target: RemoteAddress,
  config: NodeConfig,
  signal: AbortSignal | undefined,
): Promise<NodeConnection> {
  const tls = target.isTls ? config.tls : undefined;
  if (target.isTls && tls === undefined) return Promise.reject(noWay(target));
  const socket = startSocket(target, config);
  return new Promise((resolve, reject) => {
    const unsubscribe = onAbort(signal, (reason) => {
      socket.destroy();
      reject(reason);
    });
    const failed = (cause: unknown): void => {
      unsubscribe();
      reject(connectError(`${target.host}:${target.port}`, cause));
    };
    const begin = (connection: NodeConnection): void => {
      const { host } = target;
      if (tls === undefined) made(connection);
      else secure(connection, { host, tls }, config).then(made, failed);
    };
    const made = (connection: NodeConnection): void => {
      unsubscribe();
      socket.off("error", failed);
      resolve(connection);
    };
    socket.once("error", failed);
    socket.once("connect", () => {
      if (!hasAddresses(socket)) failed(abandon(socket));
      else begin(new NodeConnection(socket, config));
    });
  });
}

/** Addresses come from others as well, so this is no mistake of the caller's. */
function noWay({ key }: RemoteAddress): NetworkError<"unreachable"> {
  return new NetworkError("unreachable", needsTls(key), { address: key });
}

/** Let TLS have it; whatever goes wrong ends it. */
async function secure(
  below: NodeConnection,
  wanted: { readonly host: string; readonly tls: TlsConfig },
  config: NodeConfig,
): Promise<NodeConnection> {
  try {
    const socket = await secureClient(below, wanted.host, wanted.tls);
    const secured = { below, peerName: peerNameOf(socket) };
    return new NodeConnection(socket, config, secured);
  } catch (error) {
    below.reset();
    throw error;
  }
}

function startSocket(target: RemoteAddress, config: NodeConfig): Socket {
  const options: NetConnectOpts & { highWaterMark: number } = {
    host: target.host,
    port: target.port,
    allowHalfOpen: true,
    noDelay: true,
    highWaterMark: config.writeBufferBytes,
  };
  return connect(options);
}

/** The other side reset the connection before we could look at it. */
function abandon(socket: Socket): Error {
  const gone = new Error("the connection was reset as soon as it was made");
  socket.on("error", () => {
    // It is reported below, once.
  });
  resetSocket(socket);
  return Object.assign(gone, { code: "ECONNRESET" });
}
