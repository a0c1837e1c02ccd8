/** The remotes of one transport. */
import type { NetworkAddress, RemoteAddress } from "../core/index.ts";
import type { Channel } from "./channel.ts";
import type { Expiring } from "./deadline-queue.ts";
import { LoopbackConnection } from "./loopback.ts";
import { Peer } from "./peer.ts";
import { PeerError } from "./peer-error.ts";
import type { Shared } from "./shared.ts";

/**
 * Finds the peer of an address, and brings connections that remotes made to
 * the peer that they will do for. What nobody has needed for long is forgotten, so that addresses that come and go leave
 * nothing behind. Callers may keep a peer all the same: it comes back when it is needed.
 */
export class PeerBook implements Expiring {
  deadlineMs = 0;
  queueIndex = -1;
  readonly #shared: Shared;
  /** Where we listen, and what others call us. */
  readonly #own: readonly (NetworkAddress | undefined)[];
  readonly #peers = new Map<string, Peer>();
  /** The latest connection that each remote made, by where that listens. */
  readonly #inbound = new Map<string, Channel>();
  #isClosed = false;

  constructor(shared: Shared, own: readonly (NetworkAddress | undefined)[]) {
    this.#shared = shared;
    this.#own = own;
  }

  get size(): number {
    return this.#peers.size;
  }

  /** The peer of an address. The same object each time, unless it was forgotten meanwhile. */
  at(address: RemoteAddress): Peer {
    return this.#peers.get(address.url) ?? this.#add(address);
  }

  /** The peer to use for one that somebody has kept. */
  current(peer: Peer): Peer {
    if (!peer.tenure.isForgotten) return peer;
    const other = this.#peers.get(peer.address.url);
    if (other !== undefined) return other;
    peer.tenure.renew();
    this.#enter(peer);
    return peer;
  }

  /** Forget those that have rested since the last time. */
  expire(): void {
    for (const [url, peer] of this.#peers) {
      if (!peer.tenure.hasRested(peer.rests)) continue;
      this.#peers.delete(url);
      peer.tenure.end();
    }
    if (this.#peers.size > 0) this.#sweepLater();
  }

  /**
   * A remote has connected. If it listens where it says, our own messages to it may go the same way. It must say so
   * from the machine in question: otherwise anybody could have our messages sent to him.
   */
  connected(channel: Channel): void {
    const address = channel.remote?.address;
    if (address === undefined || address.ip !== channel.remoteAddress.ip)
      return;
    if (this.#ownOf(address) !== undefined) return;
    this.#inbound.set(address.url, channel);
    channel.onClosed(() => {
      if (this.#inbound.get(address.url) === channel)
        this.#inbound.delete(address.url);
    });
    this.#peers.get(address.url)?.adopt(channel);
  }

  /** End all calls and all connections. */
  close(): void {
    this.#isClosed = true;
    this.#shared.monitors.delete(this);
    for (const peer of this.#peers.values()) peer.close(closed(peer.address));
    for (const channel of [...this.#shared.channels])
      channel.finish(closed(channel.remoteAddress));
  }

  #add(address: RemoteAddress): Peer {
    const { network } = this.#shared.providers;
    const own = this.#ownOf(address);
    const ours = this.#own[0];
    const peer = new Peer(this.#shared, {
      address,
      isLower: ours === undefined || ours.key < address.key,
      dial: (signal) =>
        own === undefined
          ? network.connect(address, { signal })
          : Promise.resolve(new LoopbackConnection(own)),
    });
    this.#enter(peer);
    return peer;
  }

  #enter(peer: Peer): void {
    const { url } = peer.address;
    if (this.#isClosed) peer.close(closed(peer.address));
    else this.#peers.set(url, peer);
    const inbound = this.#inbound.get(url);
    if (inbound !== undefined) peer.adopt(inbound);
    if (this.queueIndex === -1 && !this.#isClosed) this.#sweepLater();
  }

  #sweepLater(): void {
    const { config, monitors, providers } = this.#shared;
    this.deadlineMs = providers.time.now() + config.peer.forgetAfterMs;
    monitors.add(this);
  }

  /** The same as an address of ours, if it is one. */
  #ownOf({ key }: RemoteAddress): NetworkAddress | undefined {
    return this.#own.find((own) => own?.key === key);
  }
}

function closed(address: RemoteAddress): PeerError<"closed"> {
  const { key } = address;
  return new PeerError("closed", `the transport to ${key} was closed`, {
    address: key,
  });
}
