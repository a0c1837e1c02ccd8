/** Addresses as Node's sockets speak of them. */
import type { Socket } from "node:net";

import { NetworkAddress } from "../core/index.ts";

/** False when the socket is no longer connected, so that nobody can tell. */
export function hasAddresses(socket: Socket): boolean {
  return (
    socket.localAddress !== undefined && socket.remoteAddress !== undefined
  );
}

/** Our end of a connected socket. */
export function localAddressOf(socket: Socket): NetworkAddress {
  return addressOf(socket.localAddress as string, socket.localPort as number);
}

/** The other end of a connected socket. */
export function remoteAddressOf(socket: Socket): NetworkAddress {
  return addressOf(socket.remoteAddress as string, socket.remotePort as number);
}

/**
 * An address as the operating system reports it. An IPv4 peer of an IPv6
 * listener gets its IPv4 address back, so both halves of a connection agree;
 * the zone of a link-local address is dropped, because it means nothing to
 * anybody else.
 */
export function addressOf(ip: string, port: number, flags = 0): NetworkAddress {
  const plain = ip.replace(/^::ffff:(?=\d+\.)/i, "").replace(/%.*$/, "");
  return new NetworkAddress(plain, port, flags);
}
