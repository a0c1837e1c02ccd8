/** Single messages between processes, as UDP gives them: each may be lost, doubled, or overtaken by another. */
import type { NetworkAddress } from "./address.ts";
import type { WaitOptions } from "./wait.ts";

/** One message that arrived. */
export interface Datagram {
  /** Whose socket sent it. Anybody can claim any address, so it proves nothing. */
  readonly from: NetworkAddress;
  readonly bytes: Uint8Array;
}

/** A place that datagrams are sent from and arrive at. What nobody receives in time is dropped. */
export interface DatagramSocket extends AsyncDisposable {
  /** Our own address; a port of 0 has become the real one. */
  readonly address: NetworkAddress;
  /**
   * Send one message, which must not be changed before this resolves: that means that it left, not that it arrived.
   * Rejects with `NetworkError`: `too_large`, or `closed`.
   */
  send(bytes: Uint8Array, to: string | NetworkAddress): Promise<void>;
  /** The next message. Rejects with `NetworkError` `closed` when the socket is closed. */
  receive(options?: WaitOptions): Promise<Datagram>;
  /** Free the port. */
  close(): Promise<void>;
}
