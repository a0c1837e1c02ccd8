/** The reading half of a channel. */
import type { Connection } from "../core/index.ts";
import {
  FrameReader,
  type FrameSink,
  HANDSHAKE_SIZE_MAX,
} from "../wire/index.ts";
import { Allowance } from "./allowance.ts";
import { crowdedOut, unfinished } from "./channel-errors.ts";
import type { ChannelOutput } from "./channel-output.ts";
import type { PeerError } from "./peer-error.ts";
import type { Shared } from "./shared.ts";
import type { FrameHolder } from "./unfinished-frames.ts";

/** What an input belongs to. */
export interface InputOwner extends FrameSink {
  readonly isClosed: boolean;
  readonly output: Pick<ChannelOutput, "isStuck" | "untilMoved">;
  readonly guard: { readonly askedCount: number };
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
 * 2. Whoever sends many frames is read in small pieces while there is company, so that nobody else waits for long; see
 *    `Allowance`. Alone, it is read as fast as we can.
 */
export class ChannelInput implements FrameHolder {
  /** When the bytes at hand arrived. */
  arrivedMs = 0;
  readonly #shared: Shared;
  readonly #connection: Connection;
  readonly #owner: InputOwner;
  readonly #reader = new FrameReader(HANDSHAKE_SIZE_MAX);
  readonly #allowance: Allowance;

  constructor(shared: Shared, connection: Connection, owner: InputOwner) {
    this.#shared = shared;
    this.#connection = connection;
    this.#owner = owner;
    this.#allowance = new Allowance(
      shared.company,
      shared.config.crowdedFramesPerSecondMax,
    );
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
        const taken = this.#arrived(chunk);
        if (taken < chunk.length) await this.#takeRest(chunk.subarray(taken));
        const { output } = this.#owner;
        if (output.isStuck) await output.untilMoved(stuckMs);
      }
    } catch (error) {
      this.#owner.inputFailed(error);
    }
  }

  /** Answers how much of a chunk was handed on at once. */
  #arrived(chunk: Uint8Array): number {
    const { counters, providers } = this.#shared;
    counters.bytesReceived += chunk.length;
    this.arrivedMs = providers.time.now();
    return this.#take(chunk, this.arrivedMs);
  }

  /** Hand on the rest, piece by piece. */
  async #takeRest(rest: Uint8Array): Promise<void> {
    const { time } = this.#shared.providers;
    let taken = 0;
    while (taken < rest.length && !this.#owner.isClosed) {
      if (this.#allowance.isSpent) await time.sleep(pauseMs);
      taken += this.#take(rest.subarray(taken), time.now());
    }
  }

  /** Hand on as many frames as may be now. Answers how many bytes they had. */
  #take(chunk: Uint8Array, nowMs: number): number {
    const { counters, unfinished: frames } = this.#shared;
    const { guard } = this.#owner;
    const countMax = this.#allowance.countMax(nowMs);
    const before = counters.framesReceived;
    const askedBefore = guard.askedCount;
    const taken = this.#reader.push(chunk, this.#owner, countMax);
    const count = counters.framesReceived - before;
    this.#allowance.spend(count, guard.askedCount - askedBefore);
    frames.note(this, nowMs);
    return taken;
  }
}

/** How long we wait for the other side to read what it asked for, before we read more of what it asks. */
const stuckMs = 250;
/** How long the rest of a chunk waits that is more than may be (bench row `rpc.hostile`). */
const pauseMs = 2;
