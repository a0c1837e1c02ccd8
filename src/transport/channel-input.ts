/** The reading half of a channel. */
import type { Connection } from "../core/index.ts";
import {
  FrameReader,
  type FrameSink,
  HANDSHAKE_SIZE_MAX,
} from "../wire/index.ts";
import { crowdedOut, unfinished } from "./channel-errors.ts";
import type { ChannelOutput } from "./channel-output.ts";
import type { PeerError } from "./peer-error.ts";
import type { Shared } from "./shared.ts";
import type { FrameHolder } from "./unfinished-frames.ts";

/** What an input belongs to. */
export interface InputOwner extends FrameSink {
  readonly isClosed: boolean;
  readonly output: Pick<ChannelOutput, "isStuck" | "untilMoved">;
  /** The other side sends no more. */
  inputEnded(): void;
  /** Reading failed, or what was read is wrong. */
  inputFailed(error: unknown): void;
  /** Break the connection, because of what the other side did or did not do. */
  showOut(reason: PeerError): void;
}

/**
 * Reads frames until the connection is over.
 *
 * 1. Who asks and does not read the answers is heard less and less: while many wait, only so much of what it sends is
 *    read at a time. It is read in the end, so two sides that flood each other go on.
 * 2. Whoever sends many frames at once gives way to those who send few, as long as there are any: after so many frames
 *    it is read again when the others have had as many turns as that is worth, or no longer come.
 */
export class ChannelInput implements FrameHolder {
  /** When the bytes at hand arrived. */
  arrivedMs = 0;
  readonly #shared: Shared;
  readonly #connection: Connection;
  readonly #owner: InputOwner;
  readonly #reader = new FrameReader(HANDSHAKE_SIZE_MAX);

  constructor(shared: Shared, connection: Connection, owner: InputOwner) {
    this.#shared = shared;
    this.#connection = connection;
    this.#owner = owner;
  }

  /** Begin to read. */
  start(): void {
    const name = `read ${this.#connection.remote.key}`;
    this.#shared.providers.tasks.spawn(name, () => this.#readAll());
  }

  /** Read no more, not even the rest of what is at hand. */
  stop(): void {
    this.#reader.stop();
    this.#shared.unfinished.delete(this);
  }

  /** The handshake is over: frames may be as large as we said. */
  expectMessages(): void {
    this.#reader.payloadSizeMax = this.#shared.config.payloadSizeMax;
  }

  get heldSize(): number {
    return this.#reader.heldSize;
  }

  get heldNumber(): number {
    return this.#reader.heldNumber;
  }

  frameTimedOut(): void {
    const { counters, config } = this.#shared;
    counters.framesTimedOut += 1;
    const { key } = this.#connection.remote;
    this.#owner.showOut(unfinished(key, config.frameTimeoutMs, this.heldSize));
  }

  frameCrowdedOut(): void {
    this.#shared.counters.framesCrowdedOut += 1;
    const { key } = this.#connection.remote;
    this.#owner.showOut(crowdedOut(key, this.heldSize));
  }

  async #readAll(): Promise<void> {
    try {
      while (!this.#owner.isClosed) {
        const chunk = await this.#connection.read();
        if (chunk === undefined) return this.#owner.inputEnded();
        const frameCount = this.#take(chunk);
        const { output } = this.#owner;
        if (output.isStuck) await output.untilMoved(stuckMs);
        if (frameCount > shareFrames && this.#hasCompany())
          await this.#giveWay(frameCount);
      }
    } catch (error) {
      this.#owner.inputFailed(error);
    }
  }

  /** Hand on what a chunk brought. Answers how many frames that were. */
  #take(chunk: Uint8Array): number {
    const { counters, providers, unfinished: frames } = this.#shared;
    const before = counters.framesReceived;
    counters.bytesReceived += chunk.length;
    this.arrivedMs = providers.time.now();
    this.#shared.reads.note(this, this.arrivedMs);
    this.#reader.push(chunk, this.#owner);
    frames.note(this, this.arrivedMs);
    return counters.framesReceived - before;
  }

  /** Whether others have sent something just now. */
  #hasCompany(): boolean {
    const { otherMs } = this.#shared.reads;
    return this.arrivedMs - otherMs < companyMs;
  }

  /** Let others have their turns, until we are even or they no longer come. */
  async #giveWay(frameCount: number): Promise<void> {
    const { counters, providers } = this.#shared;
    let debt = frameCount - shareFrames;
    let idleTurns = 0;
    while (debt > 0 && idleTurns < idleTurnsMax) {
      const before = counters.framesReceived;
      await providers.tasks.yieldNow();
      if (counters.framesReceived === before) idleTurns += 1;
      else {
        idleTurns = 0;
        debt -= repaidFrames;
      }
    }
  }
}

/** How long we wait for the other side to read what it asked for, before we read more of what it asks. */
const stuckMs = 250;
/** Frames of one chunk that nobody minds. */
const shareFrames = 64;
/** What is forgiven with each turn of the others (bench row `rpc.hostile`). */
const repaidFrames = 8;
/** Turns in which nobody came: about a millisecond, in which whoever was answered can ask again. */
const idleTurnsMax = 64;
/** How long ago others are still company. */
const companyMs = 5;
