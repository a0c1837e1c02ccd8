/** The way from a process to the endpoints of others, and from others to its own. */
import {
  Endpoint,
  type Listener,
  type NetworkAddress,
  type RemoteAddress,
  toRemoteAddress,
  type Providers,
  toAddress,
  UID,
} from "../core/index.ts";
import type { Call, OutgoingRequest } from "./call.ts";
import type { DeadlineQueue } from "./deadline-queue.ts";
import {
  OneWayMessage,
  type ReplyFuture,
  type RequestOptions,
  sendRequest,
  type SendRequestOptions,
} from "./delivery.ts";
import type { MessageReceiver, PeerReceiver } from "./endpoint-map.ts";
import { acceptAll } from "./accept.ts";
import type { FailureMonitor } from "./failure-monitor.ts";
import { lifeToken } from "./life-token.ts";
import { transportClosed } from "./messaging-error.ts";
import { holdings, type TransportMetrics } from "./metrics.ts";
import type { Peer } from "./peer.ts";
import { PeerBook } from "./peer-book.ts";
import { notReachable, reachable } from "./reachable.ts";
import { createShared, type Shared } from "./shared.ts";
import {
  resolveTransportConfig,
  type TransportConfig,
  type TransportOptions,
} from "./transport-config.ts";

/**
 * Sends messages to endpoints, and hands those that arrive to receivers.
 *
 * Make one with `listen`, or with `client` for a process that only calls: its
 * replies come back on the connections it makes. Close it, or `await using` it.
 */
export class NetTransport implements AsyncDisposable {
  /** A number that no other life of this process has. */
  readonly incarnation: bigint;
  /** Where others reach us: what an endpoint of ours holds. `undefined` for a client. */
  readonly address: NetworkAddress | undefined;
  readonly #shared: Shared;
  readonly #peers: PeerBook;
  readonly #listener: Listener | undefined;
  #closing: Promise<void> | undefined;

  private constructor(
    providers: Providers,
    config: Readonly<TransportConfig>,
    listener?: Listener,
  ) {
    this.#listener = listener;
    this.address = config.advertisedAddress ?? reachable(listener?.address);
    // Below the tokens of the small table, which begin with ones.
    this.incarnation =
      (BigInt(providers.random.uint32() & 0x7fff_ffff) << 32n) |
      BigInt(providers.random.uint32());
    this.#shared = createShared(providers, config, {
      address: this.address,
      incarnation: this.incarnation,
      watch: (remote, isWatched) => this.peer(remote).watch(isWatched),
    });
    const own = [this.address, listener?.address];
    this.#peers = new PeerBook(this.#shared, own);
    if (listener === undefined) return;
    providers.tasks.spawn(`accept ${listener.address.key}`, () =>
      acceptAll(this.#shared, listener, (channel) =>
        this.#peers.connected(channel),
      ),
    );
  }

  /** Listen at an address; port 0 takes a free one. Rejects with `NetworkError`. */
  static async listen(
    providers: Providers,
    address: string | NetworkAddress,
    options?: TransportOptions,
  ): Promise<NetTransport> {
    const config = resolveTransportConfig(options);
    const listener = await providers.network.bind(toAddress(address));
    return new NetTransport(providers, config, listener);
  }

  /** Only call, and be called by nobody: needs no address and no port. */
  static client(
    providers: Providers,
    options?: TransportOptions,
  ): NetTransport {
    return new NetTransport(providers, resolveTransportConfig(options));
  }

  /** Where it listens, with the port that was taken. Others may know it by another address, or by none (`0.0.0.0`). */
  get listensAt(): NetworkAddress | undefined {
    return this.#listener?.address;
  }

  get providers(): Providers {
    return this.#shared.providers;
  }

  get config(): Readonly<TransportConfig> {
    return this.#shared.config;
  }

  /** For those who must end something at a certain time: cheaper than a timer each. */
  get deadlines(): DeadlineQueue {
    return this.#shared.deadlines;
  }

  /** What is known of the remotes that we talk to. */
  get failureMonitor(): FailureMonitor {
    return this.#shared.failures;
  }

  /** A fresh token that only this life of the process has: for endpoints that end with it. */
  newToken(): UID {
    return lifeToken(this.incarnation, this.providers.random);
  }

  /** Put a receiver at a token. Dispose of the answer to take it away. Throws `MessagingError`. */
  register(token: UID, receiver: MessageReceiver): Disposable {
    if (this.#closing !== undefined) throw transportClosed(this.address);
    this.#shared.endpoints.insert(token, receiver);
    let registered = true;
    const dispose = (): void => {
      if (registered) this.#shared.endpoints.delete(token);
      registered = false;
    };
    return { [Symbol.dispose]: dispose };
  }

  /** Put a receiver at a slot of the small table. */
  registerWellKnown(slot: number, receiver: MessageReceiver): Disposable {
    return this.register(UID.wellKnown(slot), receiver);
  }

  /** Have what is for nobody here taken by one receiver, instead of being refused. Throws `MessagingError`. */
  registerPeerReceiver(receiver: PeerReceiver): Disposable {
    if (this.#closing !== undefined) throw transportClosed(this.address);
    return this.#shared.endpoints.insertForOthers(receiver);
  }

  /** The address of a receiver of ours, to be sent to others. Throws `TypeError` on a client. */
  endpoint(token: UID): Endpoint {
    if (this.address === undefined) throw notReachable(this.listensAt);
    return new Endpoint(this.address, token);
  }

  /** The remote at an address. Callers may keep it, and use it at any time. */
  peer(address: string | RemoteAddress): Peer {
    return this.#peers.at(toRemoteAddress(address));
  }

  /** Send once and wait for nothing: it may be lost without a trace. Throws `ReplyError` when it cannot be queued. */
  send(to: Endpoint, body: Uint8Array): void {
    const message = new OneWayMessage(to.token, body);
    this.start(this.peer(to.address), message);
    if (message.refusal !== undefined) throw message.refusal;
  }

  /**
   * Send at most once, and wait for the reply. Rejects with `ReplyError`; its `details.delivery` tells a request that
   * was `not_sent` from one that `maybe` ran.
   */
  tryGetReply(
    to: Endpoint,
    body: Uint8Array,
    options?: RequestOptions,
  ): Promise<Uint8Array> {
    return this.sendRequest(to, body, { ...options, delivery: "at_most_once" })
      .reply;
  }

  /** Send at least once: again over every new connection, until the reply, the deadline or the signal. */
  getReply(
    to: Endpoint,
    body: Uint8Array,
    options?: RequestOptions,
  ): Promise<Uint8Array> {
    return this.sendRequest(to, body, { ...options, delivery: "at_least_once" })
      .reply;
  }

  /**
   * Send at least once, but give up with `peer_failed` when the remote has been unreachable for `failedForMs`
   * without a break.
   */
  getReplyUnlessFailedFor(
    to: Endpoint,
    body: Uint8Array,
    options: RequestOptions & { failedForMs: number },
  ): Promise<Uint8Array> {
    return this.sendRequest(to, body, { ...options, delivery: "at_least_once" })
      .reply;
  }

  /** Send a request and keep a hand on it. */
  sendRequest(
    to: Endpoint,
    body: Uint8Array,
    options: SendRequestOptions,
  ): ReplyFuture {
    return sendRequest(this, { to, body }, options);
  }

  /** What all of these, and typed clients, do in the end. `request` is told how it ends. */
  start(peer: Peer, request: OutgoingRequest): Call {
    return this.#shared.calls.start(this.#peers.current(peer), request);
  }

  metrics(): TransportMetrics {
    return {
      ...this.#shared.counters,
      ...holdings(this.#shared.channels),
      unfinishedBytes: this.#shared.unfinished.bytes,
      callCount: this.#shared.calls.size,
      deadlineCount: this.#shared.deadlines.size,
      peerCount: this.#peers.size,
    };
  }

  /** Stop listening, end all calls with `closed`, write what is queued, and end all connections. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #close(): Promise<void> {
    const stopped = this.#listener?.close();
    this.#peers.close();
    this.#shared.endpoints.close();
    await stopped;
  }
}
