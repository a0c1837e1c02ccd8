/** Byte connections between processes, as TCP gives them. */
import type { NetworkAddress } from "./address.ts";
import type { DatagramSocket } from "./datagram.ts";
import type { RemoteAddress } from "./remote-address.ts";
import type { WaitOptions } from "./wait.ts";

/** Something of a process that may be gone without a word. */
export interface Mortal {
  /**
   * Whatever is simulated has this. `release` is called when the process is
   * killed, or its world is over: to give back what the machine keeps for it
   * and for nothing else, because no code of the process may run any more.
   * Returns a function that takes the wish back.
   */
  onGone?(release: () => void): () => void;
}

/**
 * One end of a connection: two byte streams, one each way, that end independently.
 *
 * Chunks have no meaning: what was written in one piece may arrive in many, or many in one.
 */
export interface Connection extends Disposable, Mortal {
  /** Our own address and port. */
  readonly local: NetworkAddress;
  /** The other end's address and port. A client's port is ephemeral: an identity it is not. */
  readonly remote: NetworkAddress;
  /** Who the other side has proved to be, by its certificate; `undefined` where nothing was proved. */
  readonly peerName?: string | undefined;
  /**
   * The next bytes, at least one; `undefined` once the other side has ended its stream. Rejects with `NetworkError`
   * `reset` when the connection broke, which is never mistaken for an end. An end or a failure is told in a turn of its
   * own, as events of a socket are: all that earlier bytes caused has settled by then. One read at a time: a second one
   * that is called while the first waits rejects with a `TypeError`.
   */
  read(): Promise<Uint8Array | undefined>;
  /**
   * Hand over bytes, which must not be changed afterwards. Resolves when there is room for more: waiting for it is how
   * a fast writer is slowed to the speed of a slow reader. Rejects when the connection is broken or ended on our side.
   */
  write(bytes: Uint8Array | readonly Uint8Array[]): Promise<void>;
  /** End our stream after what was written; reading goes on. */
  end(): void;
  /**
   * Stop reading, send what was written, then end. Done with this connection: reads and writes that wait, and every
   * later one, reject with `closed`; what a write that waited had handed over is sent nevertheless.
   */
  close(): void;
  /** Break the connection at once; both sides see `reset`, now and in later calls. What was not sent is lost. */
  reset(): void;
}

/** A place where connections arrive. They queue until they are accepted. */
export interface Listener extends AsyncDisposable {
  /** Where it listens; a port of 0 has become the real one. */
  readonly address: NetworkAddress;
  /** The next connection. Rejects with `NetworkError` `closed` when the listener is closed. */
  accept(options?: WaitOptions): Promise<Connection>;
  /** Stop listening and free the port. Connections that were accepted live on; queued ones are reset. */
  close(): Promise<void>;
}

export interface NetworkProvider extends Mortal {
  /** Listen at `ip:port`; port 0 takes a free one. Rejects with `NetworkError` `address_in_use` and its kin. */
  bind(address: string | NetworkAddress): Promise<Listener>;
  /**
   * Connect to `ip:port`, or to `name:port`, for which the name is looked up. Rejects with `NetworkError`: `refused`,
   * `unreachable` (also for a name that nobody knows), `timed_out` or `reset`.
   */
  connect(
    address: string | RemoteAddress,
    options?: WaitOptions,
  ): Promise<Connection>;
  /** Take a place for datagrams at `ip:port`; port 0 takes a free one. Rejects as `bind` does. */
  bindDatagram(address: string | NetworkAddress): Promise<DatagramSocket>;
}
