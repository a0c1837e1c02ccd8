/**
 * TLS over a connection of ours.
 *
 * TLS gets a stream and not the socket: a reset that a socket hands to TLS
 * looks like an end, and resetting a socket below it is not safe in Node.
 */
import {
  connect,
  createServer,
  type TLSSocket,
  type TlsOptions,
} from "node:tls";

import { isIp } from "../core/index.ts";
import type { NodeConnection } from "./connection.ts";
import { asDuplex } from "./duplex.ts";
import { contextOf, type TlsConfig } from "./tls-config.ts";

/** Prove to the other side who we are, and have it prove who it is. Rejects with Node's error. */
export function secureClient(
  below: NodeConnection,
  host: string,
  config: TlsConfig,
): Promise<TLSSocket> {
  // Who serves several names has to be told which is meant. Addresses cannot be.
  const { serverName = isIp(host) ? undefined : host } = config;
  const socket = connect({
    ...contextOf(config),
    ...(serverName === undefined ? {} : { servername: serverName }),
    socket: asDuplex(below, halfOpen),
    host,
    ...halfOpen,
  });
  return new Promise((resolve, reject) => {
    const closed = (): void => reject(cutShort());
    socket.once("error", reject);
    socket.once("close", closed);
    socket.once("secureConnect", () => {
      socket.off("error", reject);
      socket.off("close", closed);
      resolve(socket);
    });
  });
}

/** The same for a connection that somebody else has made. */
export function secureServer(
  below: NodeConnection,
  config: TlsConfig,
  handshakeTimeoutMs: number,
): Promise<TLSSocket> {
  const mutual = config.requireClientCertificate !== false;
  const options: TlsOptions = {
    ...contextOf(config),
    requestCert: mutual,
    rejectUnauthorized: mutual,
    handshakeTimeout: handshakeTimeoutMs,
    ...halfOpen,
  };
  // One for each connection: only so it is known whose handshake ends how.
  const server = createServer(options);
  return new Promise((resolve, reject) => {
    const stream = asDuplex(below, halfOpen);
    // Node says no more than this of a certificate that it does not believe.
    stream.once("close", () => reject(notProved()));
    server.once("tlsClientError", reject);
    server.once("secureConnection", resolve);
    server.emit("connection", stream);
  });
}

/** The name that the other side has proved: that of its certificate. */
export function peerNameOf(socket: TLSSocket): string | undefined {
  if (!socket.authorized) return undefined;
  const name: unknown = socket.getPeerCertificate()?.subject?.CN;
  return typeof name === "string" ? name : undefined;
}

function notProved(): Error {
  return new Error("it showed no certificate that we believe, or it left");
}

function cutShort(): Error {
  return Object.assign(new Error("the TLS handshake was cut short"), {
    code: "ECONNRESET",
  });
}

const halfOpen = { allowHalfOpen: true };
