/** The writing half of a channel. */
import { type Deferred, deferred } from "../base/deferred.ts";
import { Queue } from "../base/queue.ts";
import { type Connection, NetworkError, UID } from "../core/index.ts";
import type { FrameWriter } from "../wire/index.ts";
import { Burst } from "./burst.ts";
import { Kind, writePing } from "./envelope.ts";
import { corruptsBytes, failsWrite } from "./fault-points.ts";
import type { Shared } from "./shared.ts";

/** Something that waits to be written. */
export interface Outgoing {
  /** Bytes that it holds. */
  readonly size: number;
  writeTo(writer: FrameWriter): void;
}

/** Whoever has requests for a channel. */
export interface RequestSource {
  readonly hasUnsent: boolean;
  /** Write requests until there are none, or the writer holds enough. */
  fill(writer: FrameWriter): void;
}

/** What an output belongs to. */
export interface OutputOwner {
  readonly isOpen: boolean;
  /** A write failed. */
  writeFailed(error: unknown): void;
}

/**
 * Gathers frames and writes them.
 *
 * 1. One write is under way at a time. What gathers meanwhile goes into the next one: a busy connection writes large
 *    pieces, an idle one at once.
 * 2. What comes up in one turn of the process leaves at its end, and when that is much, the first of it before.
 * 3. A message is written no earlier than it must be: until then it may be taken back.
 * 4. Callers learn that their calls failed while the writer is empty, for it is shared: they may close the transport or
 *    make calls to others, which are written at once.
 */
export class ChannelOutput {
  /** Whose requests go by this channel, beside the replies. */
  source: RequestSource | undefined;
  readonly #shared: Shared;
  readonly #connection: Connection;
  readonly #owner: OutputOwner;
  readonly #replies = new Queue<Outgoing>();
  #repliesBytes = 0;
  /** A ping and an answer to one that wait; a newer one replaces an older. */
  #pingNonce: number | undefined;
  #pongNonce: number | undefined;
  #state: "idle" | "scheduled" | "gathering" | "writing" = "idle";
  /** Whether the end of the turn, or of what runs now, is waited for. */
  #isTurnAwaited = false;
  readonly #burst = new Burst();
  /** Bytes of the last write. */
  #pieceSize = 0;
  /** Somebody waits until something is taken. */
  #moved: Deferred<void> | undefined;

  constructor(shared: Shared, connection: Connection, owner: OutputOwner) {
    this.#shared = shared;
    this.#connection = connection;
    this.#owner = owner;
  }

  /** Whether nothing waits to be written, and no write is under way. */
  get isIdle(): boolean {
    return this.#state === "idle" && this.#replies.size === 0;
  }

  /** The bytes that the replies in the queue hold. */
  get repliesBytes(): number {
    return this.#repliesBytes;
  }

  /** Whether the other side takes nothing, and many replies wait that it asked for. */
  get isStuck(): boolean {
    return (
      this.#state === "writing" &&
      this.#repliesBytes > this.#shared.config.replyBytesMax / stuckPart
    );
  }

  /** Resolves once the other side takes something, the connection is over, or so much time has passed. */
  async untilMoved(ms: number): Promise<void> {
    const moved = (this.#moved ??= deferred<void>());
    const { time } = this.#shared.providers;
    const timer = time.schedule(ms, () => moved.resolve());
    await moved.promise;
    timer.cancel();
  }

  /** Write our handshake. */
  greet(): void {
    this.#shared.writer.begin(zero, 0, this.#shared.greeting);
    this.#shared.writer.finish();
    this.#write();
  }

  push(reply: Outgoing): void {
    this.#replies.push(reply);
    this.#repliesBytes += reply.size;
  }

  /** Ask for a sign of life, ahead of all that waits. */
  ping(nonce: number): void {
    this.#pingNonce = nonce;
    this.wake();
  }

  /** Give one. However many pings wait for an answer, the last answer is for all. */
  pong(nonce: number): void {
    this.#pongNonce = nonce;
    this.wake();
  }

  /**
   * There is something to write, of so many bytes. It is written together with all else that comes up in this turn.
   * `isLone` says that nothing else is under way, so that nothing is likely to come: then the end of what runs now is
   * soon enough.
   */
  wake(size = 0, isLone = false): void {
    if (this.#state === "gathering" || this.#state === "writing") return;
    this.#state = "scheduled";
    if (!this.#isTurnAwaited) this.#awaitTurn(isLone);
    if (this.#burst.grow(size)) this.#flush();
  }

  #awaitTurn(isLone: boolean): void {
    this.#isTurnAwaited = true;
    this.#burst.begin();
    if (isLone) queueMicrotask(this.#turnEnded);
    else this.#shared.providers.tasks.defer(this.#turnEnded);
  }

  /** Write all there is, now. */
  drain(): void {
    while (this.#gather()) this.#write();
  }

  /** Forget the replies: nobody can be reached. */
  discard(): void {
    this.source = undefined;
    this.#shared.counters.repliesDropped += this.#replies.size;
    this.#replies.clear();
    this.#repliesBytes = 0;
    this.#tellMoved();
  }

  readonly #turnEnded = (): void => {
    this.#isTurnAwaited = false;
    if (this.#state === "scheduled") this.#flush();
  };

  #flush(): void {
    this.#state = "gathering";
    if (this.#owner.isOpen && this.#gather()) return this.#write();
    this.#state = "idle";
    this.#wakeForMore();
  }

  /** Put replies, then requests, into the writer. Whether there were any. */
  #gather(): boolean {
    const { writer, config, counters } = this.#shared;
    if (this.#hasPing) this.#gatherPings();
    while (this.#replies.size > 0 && writer.size < config.flushBytesMax) {
      const reply = this.#replies.shift() as Outgoing;
      this.#repliesBytes -= reply.size;
      reply.writeTo(writer);
      counters.framesSent += 1;
    }
    this.source?.fill(writer);
    return writer.size > 0;
  }

  get #hasPing(): boolean {
    return this.#pingNonce !== undefined || this.#pongNonce !== undefined;
  }

  #gatherPings(): void {
    const { writer, counters } = this.#shared;
    if (this.#pingNonce !== undefined)
      writePing(writer, Kind.ping, this.#pingNonce);
    if (this.#pongNonce !== undefined)
      writePing(writer, Kind.pong, this.#pongNonce);
    this.#pingNonce = undefined;
    this.#pongNonce = undefined;
    counters.framesSent += 1;
  }

  #write(): void {
    const { writer, counters } = this.#shared;
    this.#state = "writing";
    this.#pieceSize = writer.size;
    counters.bytesSent += writer.size;
    const writing = this.#connection.write(damaged(writer.take()));
    writing.then(this.#written, this.#failed);
    if (failsWrite()) this.#failed(resetByChance(this.#connection));
  }

  #tellMoved(): void {
    this.#moved?.resolve();
    this.#moved = undefined;
  }

  readonly #written = (): void => {
    this.#state = "idle";
    this.#tellMoved();
    // After a large piece the next one may be as large.
    this.#wakeForMore(this.#pieceSize);
  };

  #wakeForMore(size = 0): void {
    const hasMore =
      this.#replies.size > 0 ||
      this.#hasPing ||
      this.source?.hasUnsent === true;
    if (hasMore && this.#owner.isOpen) this.wake(size);
  }

  readonly #failed = (error: unknown): void => this.#owner.writeFailed(error);
}

/** What is written, with a byte changed where a simulation wants it so. */
function damaged(chunks: readonly Uint8Array[]): readonly Uint8Array[] {
  if (!corruptsBytes()) return chunks;
  const index = chunks.length >> 1;
  // A chunk may be the caller's own: it must stay as it is.
  const chunk = new Uint8Array(chunks[index] as Uint8Array);
  const middle = chunk.length >> 1;
  chunk[middle] = (chunk[middle] as number) ^ 0xff;
  return chunks.with(index, chunk);
}

function resetByChance({ remote }: Connection): NetworkError<"reset"> {
  const address = remote.key;
  return new NetworkError("reset", `a write to ${address} failed by chance`, {
    address,
  });
}

const zero = new UID(0, 0, 0, 0);
/** Which part of the replies that may wait is many. */
const stuckPart = 256;
