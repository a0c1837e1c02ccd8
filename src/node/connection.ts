/** A TCP connection. */
import type { Socket } from "node:net";

import {
  addressFlagTls,
  type Connection,
  NetworkAddress,
  type NetworkError,
} from "../core/index.ts";
import type { NodeConfig } from "./config.ts";
import { distrustEnd } from "./distrust-end.ts";
import { brokenError, closedError, resetError } from "./network-error.ts";
import { resetSocket } from "./reset-socket.ts";
import { localAddressOf, remoteAddressOf } from "./socket-address.ts";
import { SocketInput } from "./socket-input.ts";
import { SocketOutput } from "./socket-output.ts";

/** What TLS adds to a connection. */
export interface Secured {
  /** The TCP connection below. */
  readonly below: NodeConnection;
  /** Who the other side has proved to be. */
  readonly peerName: string | undefined;
}

/**
 * One end of a TCP connection over `node:net`.
 *
 * ```text
 * open ──close()──▶ lingering ──both sides ended──▶ gone
 *   │                   └───lingerMs passed────────▶ gone
 *   └──reset(), or the network breaks it───────────▶ gone
 * ```
 *
 * Invariants
 * 1. Nothing waits for ever: leaving `open` settles every read and write.
 * 2. After `close()` or `reset()` nothing the network does is reported.
 * 3. A socket is gone at the latest `lingerMs` after `close()`.
 */
export class NodeConnection implements Connection {
  readonly local: NetworkAddress;
  readonly remote: NetworkAddress;
  readonly peerName: string | undefined;
  readonly #socket: Socket;
  /** What TLS is spoken over, if it is. */
  readonly #below: NodeConnection | undefined;
  readonly #input: SocketInput;
  readonly #output: SocketOutput;
  readonly #lingerMs: number;
  /** Set from `close()` on, so it also says that we are done. */
  #linger: NodeJS.Timeout | undefined;

  /**
   * Takes over a connected socket with `allowHalfOpen`. A socket that is paused
   * stays so until `start()`.
   */
  constructor(socket: Socket, config: NodeConfig, secured?: Secured) {
    this.local = withTls(secured?.below.local) ?? localAddressOf(socket);
    this.remote = withTls(secured?.below.remote) ?? remoteAddressOf(socket);
    this.peerName = secured?.peerName;
    this.#socket = socket;
    this.#below = secured?.below;
    this.#lingerMs = config.lingerMs;
    // What TLS is given has been distrusted already.
    if (secured === undefined) distrustEnd(socket);
    socket.on("error", this.#broke);
    socket.on("close", this.#gone);
    this.#input = new SocketInput(socket, config.readAheadBytes);
    this.#output = new SocketOutput(socket, this.remote.key);
  }

  /** Begin to take bytes from the kernel, ahead of the reader. */
  start(): void {
    this.#socket.resume();
  }

  read(): Promise<Uint8Array | undefined> {
    return this.#input.read();
  }

  write(bytes: Uint8Array | readonly Uint8Array[]): Promise<void> {
    return this.#output.write(bytes);
  }

  end(): void {
    this.#output.end();
  }

  /**
   * What was written is sent as long as the other side takes it, and for at
   * most `lingerMs`; then the connection is reset. What the other side sends
   * meanwhile is thrown away.
   */
  close(): void {
    this.#output.end();
    this.#leave(closedError(this.remote.key, "connection with"));
    if (this.#linger !== undefined || this.#socket.destroyed) return;
    this.#linger = setTimeout(this.#lingered, this.#lingerMs);
  }

  reset(): void {
    this.#leave(resetError(this.remote.key));
    this.#break();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  /** What goes out is a reset, and no end that TLS would make of it. */
  #break(): void {
    if (this.#below === undefined) return resetSocket(this.#socket);
    this.#below.reset();
    this.#socket.destroy();
  }

  /** Settle whoever waits. Every later call is told the same. */
  #leave(error: NetworkError): void {
    this.#input.discard(error);
    this.#output.fail(error);
  }

  readonly #broke = (cause: Error): void => {
    const error = brokenError(this.remote.key, cause);
    this.#input.fail(error);
    this.#output.fail(error);
  };

  /** What the kernel has already, it may go on sending; the rest is lost. */
  readonly #lingered = (): void => {
    if (this.#socket.writableFinished) this.#socket.destroy();
    else this.#break();
  };

  readonly #gone = (): void => {
    clearTimeout(this.#linger);
    const { readableEnded, writableFinished } = this.#socket;
    if (readableEnded && writableFinished) return;
    this.#broke(new Error("the socket was destroyed"));
  };
}

function withTls(
  address: NetworkAddress | undefined,
): NetworkAddress | undefined {
  if (address === undefined) return undefined;
  const { ip, port, flags } = address;
  return new NetworkAddress(ip, port, flags | addressFlagTls);
}
