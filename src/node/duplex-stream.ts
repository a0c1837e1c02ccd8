/** The bytes of a connection as a stream of Node. */
import { Duplex } from "node:stream";

import type {
  Connection,
  NetworkAddress,
  NetworkProvider,
  TimeProvider,
} from "../core/index.ts";
import { socketError } from "./duplex-error.ts";
import { IdleTimer } from "./duplex-idle.ts";

/** What a duplex may be told beside its connection. */
export interface DuplexOptions {
  /**
   * The clock of `setTimeout`. Without one, time-outs are remembered and never
   * fire: a timer of the machine would make a simulation nondeterministic.
   */
  time?: TimeProvider | undefined;
  /**
   * Whether our side stays open when the other side has ended. Default false,
   * as for `net.Socket`.
   */
  allowHalfOpen?: boolean | undefined;
}

/** A connection that is still to be made. */
export interface Dial {
  readonly network: NetworkProvider;
  readonly address: string | NetworkAddress;
}

/**
 * A connection, made already or being made, behind `stream.Duplex`.
 *
 * ```text
 * connecting ──▶ open ──end()──▶ reading only ──the other side ends──▶ gone
 *      └───────────┴──destroy(), or the network breaks it────────────▶ gone
 * ```
 *
 * Invariants
 * 1. Everything happens in promise jobs and ticks: no timer and no immediate
 *    of the machine, so a simulated step settles all of it.
 * 2. At most one read and one write of the connection are under way, and the
 *    next one waits for them: backpressure reaches both ends.
 * 3. `destroy()` ends the stream as closing a socket does: what the connection
 *    has taken is still sent. If something is left that it has not taken, the
 *    connection is reset: a stream that lost bytes never looks complete.
 * 4. What a listener throws is an uncaught exception, as with a socket.
 * 5. Writes that were under way are over after `error`, as with a socket. An agent stops listening to a connection when
 *    its request was written and answered: an `error` after that would be nobody's, and the end of the process.
 */
export class ConnectionStream extends Duplex {
  /** Bytes that have been received. */
  bytesRead = 0;
  /** Bytes that have been handed to the connection. */
  bytesWritten = 0;
  #connection: Connection | undefined;
  #connecting: AbortController | undefined;
  readonly #idle: IdleTimer | undefined;
  /** What the connection has taken of `writableLength`. */
  #takenLength = 0;
  /** What waits for the connection to be made. */
  #readsLater = false;
  #sendLater: (() => void) | undefined;

  readonly #mourned: (() => void) | undefined;

  constructor(source: Connection | Dial, options: DuplexOptions) {
    const { allowHalfOpen = false, time } = options;
    super({ allowHalfOpen, decodeStrings: false });
    if (time !== undefined) {
      this.#idle = new IdleTimer(time, () => this.emit("timeout"));
    }
    const dials = "network" in source;
    const mortal = dials ? source.network : source;
    this.#mourned = mortal.onGone?.(this.#gone);
    if (dials) this.#connect(source);
    else this.#connection = source;
  }

  /** The connection, once it is made. */
  get connection(): Connection | undefined {
    return this.#connection;
  }

  /** Whether the connection is still being made. */
  get connecting(): boolean {
    return this.#connecting !== undefined;
  }

  override _read(): void {
    const connection = this.#connection;
    if (connection === undefined) this.#readsLater = true;
    else connection.read().then(this.#arrived, this.#readFailed);
  }

  override _write(chunk: Chunk, encoding: Encoding, done: Done): void {
    this.#whenOpen((connection) => {
      const bytes = ownBytes(chunk, encoding);
      this.#takenLength = chunk.length;
      this.#sent(bytes.length, connection.write(bytes), done);
    });
  }

  override _writev(parts: Part[], done: Done): void {
    this.#whenOpen((connection) => {
      const bytes = parts.map((part) => ownBytes(part.chunk, part.encoding));
      this.#takenLength = lengthOf(parts.map(({ chunk }) => chunk));
      this.#sent(lengthOf(bytes), connection.write(bytes), done);
    });
  }

  override _final(done: Done): void {
    this.#whenOpen((connection) => {
      connection.end();
      done();
    });
  }

  override _destroy(error: Error | null, done: Done): void {
    this.#idle?.set(0);
    this.#mourned?.();
    this.#sendLater = undefined;
    this.#connecting?.abort(error ?? new Error("the stream was destroyed"));
    if (this.writableLength > this.#takenLength) this.#connection?.reset();
    else this.#connection?.close();
    done(error);
  }

  /** Emit `timeout` when nothing has come or gone for so long; 0: never. */
  protected watchIdle(timeoutMs: number): void {
    if (!this.destroyed) this.#idle?.set(timeoutMs);
  }

  #connect({ network, address }: Dial): void {
    const controller = new AbortController();
    const { signal } = controller;
    this.#connecting = controller;
    // An address that is none may throw at once: an error like any other.
    const connect = async () => network.connect(address, { signal });
    connect().then(this.#opened, this.#connectFailed);
  }

  readonly #opened = (connection: Connection): void => {
    this.#connecting = undefined;
    // Destroyed in the very moment in which the connection was made.
    if (this.destroyed) return connection.reset();
    this.#connection = connection;
    this.#idle?.touch();
    this.#sendLater?.();
    this.#sendLater = undefined;
    if (this.#readsLater) this._read();
    tell(() => this.emit("connect") && this.emit("ready"));
  };

  readonly #connectFailed = (error: unknown): void => {
    this.#connecting = undefined;
    this.destroy(socketError(error, "connect"));
  };

  /**
   * The process is dead, or its world over. `node:http` keeps each parser, and
   * all that the parser knows, until it is told to let go; nobody else will.
   */
  readonly #gone = (): void => {
    const { parser } = this as { parser?: { close?(): void } | null };
    parser?.close?.();
  };

  /** The stream asks for one thing at a time, so one at most waits here. */
  #whenOpen(send: (connection: Connection) => void): void {
    const connection = this.#connection;
    if (connection !== undefined) send(connection);
    else this.#sendLater = () => send(this.#connection as Connection);
  }

  #sent(byteCount: number, writing: Promise<void>, done: Done): void {
    this.#idle?.touch();
    this.bytesWritten += byteCount;
    writing.then(
      () => {
        this.#idle?.touch();
        this.#takenLength = 0;
        if (this.destroyed) process.nextTick(done);
        else tell(done);
      },
      (error: unknown) => this.#writeFailed(socketError(error, "write"), done),
    );
  }

  /** `error` comes first: who is told first that a write is over may not be listening any more when it comes. */
  #writeFailed(error: Error, done: Done): void {
    this.destroy(error);
    process.nextTick(done, error);
  }

  readonly #arrived = (bytes: Uint8Array | undefined): void => {
    if (this.destroyed) return;
    this.#idle?.touch();
    this.bytesRead += bytes?.length ?? 0;
    tell(() => this.push(bytes ?? null));
  };

  readonly #readFailed = (error: unknown): void => {
    this.destroy(socketError(error, "read"));
  };
}

type Chunk = Uint8Array | string;
type Encoding = BufferEncoding;
type Part = { chunk: Chunk; encoding: Encoding };
type Done = (error?: Error | null) => void;

/**
 * Bytes that nobody else has. A connection keeps what it is given until it is
 * sent, while a stream's writer may use its buffer again when told of success.
 */
function ownBytes(chunk: Chunk, encoding: Encoding): Uint8Array {
  if (typeof chunk === "string") return Buffer.from(chunk, encoding);
  return new Uint8Array(chunk);
}

/** In the units that the stream counts: bytes, or characters of strings. */
function lengthOf(chunks: readonly Chunk[]): number {
  return chunks.reduce((sum, { length }) => sum + length, 0);
}

/** Run code of listeners: what they throw must not end in a promise of ours. */
function tell(listeners: () => unknown): void {
  try {
    listeners();
  } catch (error) {
    process.nextTick(rethrow, error);
  }
}

function rethrow(error: unknown): never {
  throw error;
}
