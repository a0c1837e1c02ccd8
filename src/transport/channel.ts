/** One connection, from its first byte to its last. */
import { type Deferred, deferred } from "../base/deferred.ts";
import {
  type Connection,
  type NetworkAddress,
  NetworkError,
  type TraceFields,
} from "../core/index.ts";
import {
  decodeHandshake,
  type Handshake,
  HEADER_SIZE,
  WireError,
} from "../wire/index.ts";
import {
  ChannelOutput,
  type Outgoing,
  type OutputOwner,
  type RequestSource,
} from "./channel-output.ts";
import { ended, lost, unread, violated } from "./channel-errors.ts";
import { ChannelInput, type InputOwner } from "./channel-input.ts";
import { ChannelMonitor, type Monitored } from "./channel-monitor.ts";
import { FloodGuard } from "./flood-guard.ts";
import { Inbox } from "./inbox.ts";
import type { PeerError } from "./peer-error.ts";
import type { Shared } from "./shared.ts";

type ChannelState =
  | { readonly kind: "greeting" }
  | { readonly kind: "open"; readonly remote: Handshake }
  | { readonly kind: "closed"; readonly reason: PeerError };

/**
 * Carries messages both ways over one connection.
 *
 * 1. The first frame each way is the handshake; messages flow only after both.
 * 2. Two sides that flood each other go on: see `channel-input.ts`.
 * 3. Whatever arrives can end this channel at worst, and nothing else.
 * 4. It closes once, for one reason, and tells its listeners.
 * 5. While anybody waits here, silence is not taken for an answer: see `channel-monitor.ts`.
 */
export class Channel implements InputOwner, OutputOwner, Monitored {
  /** Its number among the connections of this transport: another number, another connection. */
  readonly epoch: number;
  /** Resolves when both handshakes are through; rejects with `PeerError` if that never happens. */
  readonly opened: Promise<void>;
  /** Who made the connection: we, or the other side. */
  readonly role: "dialed" | "accepted";
  /** Knows who waits here, and whether the other side is alive. */
  readonly monitor: ChannelMonitor;
  /** Counts frames that are of no use. */
  readonly guard: FloodGuard;
  readonly #shared: Shared;
  readonly #connection: Connection;
  readonly #inbox: Inbox;
  readonly #input: ChannelInput;
  readonly output: ChannelOutput;
  readonly #opening: Deferred<void> = deferred<void>();
  #state: ChannelState = { kind: "greeting" };
  #listeners: Set<(reason: PeerError) => void> | undefined;

  constructor(shared: Shared, connection: Connection, role: Channel["role"]) {
    this.role = role;
    this.#shared = shared;
    this.#connection = connection;
    this.#inbox = new Inbox(shared, this);
    this.#input = new ChannelInput(shared, connection, this);
    this.output = new ChannelOutput(shared, connection, this);
    this.monitor = new ChannelMonitor(shared, this);
    this.guard = new FloodGuard(shared, this);
    this.epoch = shared.nextEpoch++;
    this.opened = this.#opening.promise;
    shared.channels.add(this);
    this.output.greet();
    this.#input.start();
  }

  get remoteAddress(): NetworkAddress {
    return this.#connection.remote;
  }

  /** Who the other side has proved to be. */
  get peerName(): string | undefined {
    return this.#connection.peerName;
  }

  get isOpen(): boolean {
    return this.#state.kind === "open";
  }

  get isClosed(): boolean {
    return this.#state.kind === "closed";
  }

  /** When the bytes at hand arrived. */
  get arrivedMs(): number {
    return this.#input.arrivedMs;
  }

  /** What the other side said of itself; `undefined` unless the channel is open. */
  get remote(): Handshake | undefined {
    return this.#state.kind === "open" ? this.#state.remote : undefined;
  }

  /** The largest payload that the other side takes. */
  get payloadSizeMax(): number {
    return this.remote?.payloadSizeMax ?? 0;
  }

  /** What the replies that wait to be written hold. */
  get repliesBytes(): number {
    return this.output.repliesBytes;
  }

  get isWriting(): boolean {
    return !this.output.isIdle;
  }

  sendPing(nonce: number): void {
    this.output.ping(nonce);
  }

  answerPing(nonce: number): void {
    this.output.pong(nonce);
  }

  /** Requests go by another connection from now on. */
  retire(): void {
    this.output.source = undefined;
    this.monitor.retire();
  }

  /** Send somebody's requests by this channel, from now on. */
  serve(source: RequestSource): void {
    this.output.source = source;
    if (source.hasUnsent) this.wake();
  }

  /** There are requests to send. As `ChannelOutput.wake`. */
  wake(size = 0, isLone = false): void {
    if (this.isOpen) this.output.wake(size, isLone);
  }

  /** Queue a reply. On a closed channel it is dropped: nobody is there. `isLone` as of `ChannelOutput.wake`. */
  send(reply: Outgoing, isLone = false): void {
    if (!this.isOpen) {
      this.#shared.counters.repliesDropped += 1;
      return;
    }
    this.output.push(reply);
    const bytes = this.output.repliesBytes;
    const { replyBytesMax } = this.#shared.config;
    if (bytes <= replyBytesMax) return this.output.wake(reply.size, isLone);
    this.#shared.counters.repliesUnread += 1;
    this.showOut(unread(this.remoteAddress.key, bytes));
  }

  /** Call back once when the channel closes; at once if it has. Returns the way to unsubscribe. */
  onClosed(callback: (reason: PeerError) => void): () => void {
    if (this.#state.kind === "closed") {
      callback(this.#state.reason);
      return nothing;
    }
    const listeners = (this.#listeners ??= new Set());
    listeners.add(callback);
    return () => listeners.delete(callback);
  }

  /** Write all that is queued, end the connection in good order, and close. */
  finish(reason: PeerError): void {
    if (this.isOpen) this.output.drain();
    this.#connection.close();
    this.#close(reason);
  }

  /** Break the connection. */
  break(reason: PeerError): void {
    this.#connection.reset();
    this.#close(reason);
  }

  /** Break the connection, because of what the other side did or did not do. */
  showOut(reason: PeerError): void {
    this.#tell("transport.shown_out", { reason: reason.code });
    this.break(reason);
  }

  writeFailed(error: unknown): void {
    if (this.#state.kind !== "closed")
      this.break(lost(this.remoteAddress.key, error));
  }

  /** For the frame reader. */
  frame(bytes: Uint8Array, start: number, end: number): void {
    if (this.#state.kind === "open") this.#inbox.frame(bytes, start, end);
    else this.#greeted(bytes.subarray(start + HEADER_SIZE, end));
  }

  #greeted(payload: Uint8Array): void {
    const remote = decodeHandshake(payload);
    this.#input.expectMessages();
    this.#state = { kind: "open", remote };
    this.monitor.start();
    this.#opening.resolve();
  }

  /** It may still read our replies; requests would be in vain. */
  inputEnded(): void {
    this.output.source = undefined;
    this.finish(ended(this.remoteAddress.key));
  }

  /** Connections and bytes may fail; anything else is a mistake in a receiver, and not ours to hide. */
  inputFailed(error: unknown): void {
    if (!(error instanceof WireError || error instanceof NetworkError))
      throw error;
    if (this.#state.kind === "closed") return;
    if (error instanceof WireError) this.#violated(error);
    else this.break(lost(this.remoteAddress.key, error));
  }

  #violated(cause: WireError): void {
    this.#shared.counters.violations += 1;
    this.#tell("transport.violation", { code: cause.code });
    this.break(violated(this.remoteAddress.key, cause));
  }

  #tell(name: string, what: TraceFields): void {
    const { trace } = this.#shared.providers;
    const from = { remote: this.remoteAddress.key, epoch: this.epoch };
    if (trace.enabled) trace.emit(name, { ...from, ...what });
  }

  #close(reason: PeerError): void {
    if (this.#state.kind === "closed") return;
    const wasOpen = this.isOpen;
    this.#state = { kind: "closed", reason };
    this.monitor.stop();
    this.#input.stop();
    this.#shared.channels.delete(this);
    this.output.discard();
    if (!wasOpen) this.#opening.reject(reason);
    for (const listener of this.#listeners ?? []) listener(reason);
    this.#listeners = undefined;
  }
}

/** A closed channel has nothing to unsubscribe from. */
const nothing = (): void => undefined;
