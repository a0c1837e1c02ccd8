/** One connection, from its first byte to its last. */
import { type Deferred, deferred } from "../base/deferred.ts";
import { Queue } from "../base/queue.ts";
import { type Connection, NetworkError, type NetworkAddress, onAbort, UID } from "../core/index.ts";
import {
  decodeHandshake,
  FrameReader,
  type FrameWriter,
  HANDSHAKE_SIZE_MAX,
  HEADER_SIZE,
  WireError,
} from "../wire/index.ts";
import type { Handshake } from "../wire/index.ts";
import { PeerError } from "./peer-error.ts";
import type { Shared } from "./shared.ts";

/** Something that waits to be written. */
export interface Outgoing {
  readonly size: number;
  writeTo(writer: FrameWriter): void;
}

/** Whoever sends requests by a channel. */
export interface ChannelUser {
  readonly hasUnsent: boolean;
  /** Write requests until there are none, or the writer holds enough. */
  fill(channel: Channel, writer: FrameWriter): void;
  /** The connection is gone: what was handed to it may or may not have arrived. */
  channelClosed(channel: Channel, reason: PeerError): void;
}

type ChannelState =
  | { readonly kind: "greeting" }
  | { readonly kind: "open"; readonly remote: Handshake }
  | { readonly kind: "closed"; readonly reason: PeerError };

/**
 * Reads frames and writes them, both ways at once.
 *
 * 1. The first frame each way is the handshake; messages flow only after both.
 * 2. Reading never waits for writing, so two sides that flood each other go on.
 * 3. One write is under way at a time. What gathers meanwhile goes into the
 *    next one: a busy connection writes large pieces, an idle one at once.
 * 4. A message counts as sent from the moment it is in a write, no earlier.
 * 5. It closes once, for one reason, and tells its user and its listeners.
 */
export class Channel {
  /** Its number among the connections of this transport: another number, another connection. */
  readonly epoch: number;
  /** Resolves when both handshakes are through; rejects with `PeerError` if that never happens. */
  readonly opened: Promise<void>;
  /** When the bytes at hand arrived. */
  arrivedMs = 0;
  user: ChannelUser | undefined;
  readonly #shared: Shared;
  readonly #connection: Connection;
  readonly #reader = new FrameReader(HANDSHAKE_SIZE_MAX);
  readonly #opening: Deferred<void> = deferred<void>();
  readonly #replies = new Queue<Outgoing>();
  #repliesBytes = 0;
  #state: ChannelState = { kind: "greeting" };
  #output: "idle" | "scheduled" | "writing" = "idle";
  #listeners: Set<(reason: Error) => void> | undefined;

  constructor(shared: Shared, connection: Connection) {
    this.#shared = shared;
    this.#connection = connection;
    this.epoch = shared.nextEpoch++;
    this.opened = this.#opening.promise;
    shared.channels.add(this);
    shared.writer.begin(zero, 0, shared.greeting);
    shared.writer.finish();
    this.#write();
    shared.providers.tasks.spawn(`read ${connection.remote.key}`, () => this.#readAll());
  }

  get remoteAddress(): NetworkAddress {
    return this.#connection.remote;
  }

  /** What the other side said of itself; `undefined` unless the channel is open. */
  get remote(): Handshake | undefined {
    return this.#state.kind === "open" ? this.#state.remote : undefined;
  }

  get isOpen(): boolean {
    return this.#state.kind === "open";
  }

  /** The largest payload that the other side takes. */
  get payloadSizeMax(): number {
    return this.remote?.payloadSizeMax ?? 0;
  }

  /** Queue a reply. On a closed channel it is dropped: nobody is there. */
  send(reply: Outgoing): void {
    if (this.#state.kind !== "open") {
      this.#shared.counters.repliesDropped += 1;
      return;
    }
    this.#replies.push(reply);
    this.#repliesBytes += reply.size;
    if (this.#repliesBytes > this.#shared.config.replyBytesMax) this.#closeUnread();
    else this.wake();
  }

  /** There is something to write. It is written together with all else that comes up now. */
  wake(): void {
    if (this.#output !== "idle" || this.#state.kind !== "open") return;
    this.#output = "scheduled";
    this.#shared.providers.tasks.defer(this.#flush);
  }

  /** Call back once when the channel closes; at once if it has. Returns the way to unsubscribe. */
  onClosed(callback: (reason: Error) => void): () => void {
    if (this.#state.kind === "closed") {
      callback(this.#state.reason);
      return () => undefined;
    }
    this.#listeners ??= new Set();
    this.#listeners.add(callback);
    return () => this.#listeners?.delete(callback);
  }

  /** Write all that is queued, end the connection in good order, and close. */
  finish(reason: PeerError): void {
    while (this.#state.kind === "open" && this.#gather()) this.#write();
    this.#connection.close();
    this.#close(reason);
  }

  /** Break the connection. */
  break(reason: PeerError): void {
    this.#connection.reset();
    this.#close(reason);
  }

  /** For the frame reader. */
  frame(bytes: Uint8Array, start: number, end: number): void {
    if (this.#state.kind === "open") this.#shared.dispatcher.dispatch(this, bytes, start, end);
    else this.#greeted(bytes.subarray(start + HEADER_SIZE, end));
  }

  #greeted(payload: Uint8Array): void {
    const remote = decodeHandshake(payload);
    this.#reader.payloadSizeMax = this.#shared.config.payloadSizeMax;
    this.#state = { kind: "open", remote };
    this.#opening.resolve();
  }

  async #readAll(): Promise<void> {
    try {
      for (;;) {
        const chunk = await this.#connection.read();
        if (this.#state.kind === "closed") return;
        if (chunk === undefined) return this.#ended();
        this.#shared.counters.bytesReceived += chunk.length;
        this.arrivedMs = this.#shared.providers.time.now();
        this.#reader.push(chunk, this);
      }
    } catch (error) {
      this.#failed(error);
    }
  }

  /** The other side sends no more. It may still read our replies; requests would be in vain. */
  #ended(): void {
    this.user?.channelClosed(this, this.#lost());
    this.user = undefined;
    this.finish(this.#lost());
  }

  /** Connections and bytes may fail; anything else is a mistake in a receiver, and not ours to hide. */
  #failed(error: unknown): void {
    if (error instanceof WireError) this.#violated(error);
    else if (error instanceof NetworkError) this.break(this.#lost(error));
    else throw error;
  }

  #violated(cause: WireError): void {
    this.#shared.counters.violations += 1;
    const address = this.remoteAddress.key;
    const { trace } = this.#shared.providers;
    if (trace.enabled) trace.emit("transport.violation", { remote: address, epoch: this.epoch, code: cause.code });
    this.break(new PeerError("protocol_violation", `${address} broke the protocol`, { address }, { cause }));
  }

  #closeUnread(): void {
    const address = this.remoteAddress.key;
    const bytes = this.#repliesBytes;
    this.break(
      new PeerError("replies_unread", `${address} leaves ${bytes} bytes of replies unread`, { address, bytes }),
    );
  }

  #lost(cause?: NetworkError): PeerError {
    const address = this.remoteAddress.key;
    return new PeerError("connection_lost", `the connection to ${address} is gone`, { address }, { cause });
  }

  readonly #flush = (): void => {
    this.#output = "idle";
    if (this.#state.kind !== "open") return;
    if (this.#gather()) this.#write();
  };

  /** Put replies, then requests, into the writer. Whether there were any. */
  #gather(): boolean {
    this.#gatherReplies();
    this.user?.fill(this, this.#shared.writer);
    return this.#shared.writer.size > 0;
  }

  #gatherReplies(): void {
    const { writer, config, counters } = this.#shared;
    while (this.#replies.size > 0 && writer.size < config.flushBytesMax) {
      const reply = this.#replies.shift() as Outgoing;
      this.#repliesBytes -= reply.size;
      reply.writeTo(writer);
      counters.framesSent += 1;
    }
  }

  #write(): void {
    this.#output = "writing";
    this.#shared.counters.bytesSent += this.#shared.writer.size;
    this.#connection.write(this.#shared.writer.take()).then(this.#written, this.#unwritten);
  }

  readonly #written = (): void => {
    this.#output = "idle";
    if (this.#replies.size > 0 || this.user?.hasUnsent === true) this.wake();
  };

  readonly #unwritten = (error: unknown): void => {
    if (this.#state.kind !== "closed") this.break(this.#lost(error as NetworkError));
  };

  #close(reason: PeerError): void {
    if (this.#state.kind === "closed") return;
    const wasOpen = this.#state.kind === "open";
    this.#state = { kind: "closed", reason };
    this.#reader.stop();
    this.#shared.channels.delete(this);
    this.#shared.counters.repliesDropped += this.#replies.size;
    this.#replies.clear();
    if (!wasOpen) this.#opening.reject(reason);
    this.user?.channelClosed(this, reason);
    for (const listener of this.#listeners ?? []) listener(reason);
    this.#listeners = undefined;
  }
}

/** Exchange handshakes. Rejects with `PeerError`, or with the signal's reason. */
export async function openChannel(shared: Shared, connection: Connection, signal: AbortSignal): Promise<Channel> {
  const channel = new Channel(shared, connection);
  const address = connection.remote.key;
  const unsubscribe = onAbort(signal, (cause) =>
    channel.break(new PeerError("connect_failed", `${address} did not introduce itself`, { address }, { cause })),
  );
  try {
    await channel.opened;
    return channel;
  } finally {
    unsubscribe();
  }
}

const zero = new UID(0, 0, 0, 0);
