/** A connection of any provider, as the socket that Node's libraries expect. */
import { type AddressInfo, isIPv6 } from "node:net";

import type {
  Connection,
  NetworkAddress,
  NetworkProvider,
} from "../core/index.ts";
import { ConnectionStream, type DuplexOptions } from "./duplex-stream.ts";

/**
 * A connection as a stream: for `server.emit("connection", …)`, for an agent's
 * `createConnection`, and for every other library that takes a duplex stream
 * in place of a socket. From now on only the stream may use the connection.
 */
export function asDuplex(
  connection: Connection,
  options: DuplexOptions = {},
): ConnectionDuplex {
  return new ConnectionDuplex(connection, options);
}

/**
 * What `net.connect` is to a machine: a stream at once, and a connection soon.
 * Emits `connect`, or `error` with one of Node's codes.
 */
export function connectDuplex(
  network: NetworkProvider,
  address: string | NetworkAddress,
  options: DuplexOptions = {},
): ConnectionDuplex {
  return new ConnectionDuplex({ network, address }, options);
}

/**
 * A stream with as much of `net.Socket` as `node:http` and its like make use
 * of. What a provider has no word for does nothing, and says so below.
 */
export class ConnectionDuplex extends ConnectionStream {
  /** As last given to `setTimeout`; `node:http` reads it. */
  timeout: number | undefined;
  /** TLS would be above this. */
  readonly encrypted: false = false;

  get pending(): boolean {
    return this.connection === undefined;
  }

  get readyState(): "opening" | "open" | "readOnly" | "writeOnly" | "closed" {
    if (this.connecting) return "opening";
    if (this.readable) return this.writable ? "open" : "readOnly";
    return this.writable ? "writeOnly" : "closed";
  }

  get localAddress(): string | undefined {
    return this.connection?.local.ip;
  }

  get localPort(): number | undefined {
    return this.connection?.local.port;
  }

  get localFamily(): string | undefined {
    return familyOf(this.localAddress);
  }

  get remoteAddress(): string | undefined {
    return this.connection?.remote.ip;
  }

  get remotePort(): number | undefined {
    return this.connection?.remote.port;
  }

  get remoteFamily(): string | undefined {
    return familyOf(this.remoteAddress);
  }

  /** Our end, or an empty object while there is none. */
  address(): AddressInfo | Record<string, never> {
    const local = this.connection?.local;
    if (local === undefined) return {};
    const { ip: address, port } = local;
    return { address, port, family: familyOf(address) };
  }

  /** Emit `timeout` when neither a byte comes nor goes for so long; 0: never. */
  setTimeout(timeoutMs: number, callback?: () => void): this {
    this.timeout = timeoutMs;
    this.watchIdle(timeoutMs);
    if (callback === undefined) return this;
    if (timeoutMs === 0) this.removeListener("timeout", callback);
    else this.once("timeout", callback);
    return this;
  }

  /** Send what was written, end, and do not wait for the other side. */
  destroySoon(): void {
    if (this.writable) this.end();
    if (this.writableFinished) this.destroy();
    else this.once("finish", () => this.destroy());
  }

  /** Break the connection at once: the other side sees a reset. */
  resetAndDestroy(): this {
    this.connection?.reset();
    return this.destroy();
  }

  /** Nothing to do: providers never delay what is written. */
  setNoDelay(_noDelay?: boolean): this {
    return this;
  }

  /** Nothing to do: providers decide when a silent connection is broken. */
  setKeepAlive(_enable?: boolean, _initialDelayMs?: number): this {
    return this;
  }

  /** Nothing to do: a connection keeps a real process alive until it is closed. */
  ref(): this {
    return this;
  }

  /** Nothing to do, as `ref`. */
  unref(): this {
    return this;
  }
}

function familyOf(ip: string): "IPv4" | "IPv6";
function familyOf(ip: string | undefined): "IPv4" | "IPv6" | undefined;
function familyOf(ip: string | undefined): "IPv4" | "IPv6" | undefined {
  if (ip === undefined) return undefined;
  return isIPv6(ip) ? "IPv6" : "IPv4";
}
