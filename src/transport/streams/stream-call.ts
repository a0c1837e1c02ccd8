/** A request with streams, from the caller's side. */
import { checkBytes, emptyBytes } from "../../base/bytes.ts";
import { type Deferred, deferred } from "../../base/deferred.ts";
import { type Endpoint, onAbort, type UID } from "../../core/index.ts";
import type { Token } from "../../wire/index.ts";
import type { Call, OutgoingRequest, RequestStreams } from "../call.ts";
import type { Channel } from "../channel.ts";
import { RequestFlag, Way } from "../envelope.ts";
import type { NetTransport } from "../net-transport.ts";
import { checkPositive } from "../peer-config.ts";
import { isReplyError, type ReplyError } from "../reply-error.ts";
import { StreamInput } from "./stream-input.ts";
import { StreamOutput } from "./stream-output.ts";

/** What a caller may say about a request with streams. */
export interface StreamOptions {
  /** Whether items follow the request. Default false. */
  sends?: boolean | undefined;
  /** Whether items are wanted before the reply. Default false. */
  takes?: boolean | undefined;
  /** Gives up after this many milliseconds, however much has come. Default `Infinity`: streams may be long. */
  timeoutMs?: number | undefined;
  /** Gives up when it fires. */
  signal?: AbortSignal | undefined;
  /** What goes with the request beside its body. Default: nothing. */
  extra?: Uint8Array | undefined;
  /** What people call the receiver, for errors. Default: its token. */
  name?: string | undefined;
}

/** How the other side ended it. */
export interface StreamReply {
  readonly body: Uint8Array;
  readonly extra: Uint8Array;
}

/**
 * A request that streams belong to. It is sent once, and ends with the connection that it was sent over; nothing is
 * repeated. Disposing of it gives up.
 *
 * After FoundationDB's `ReplyPromiseStream` (`fdbrpc/fdbrpc.h`), which goes one way only.
 */
export class StreamCall implements OutgoingRequest, RequestStreams, Disposable {
  readonly token: UID;
  readonly name: string | undefined;
  readonly body: Uint8Array;
  readonly extra: Uint8Array;
  readonly delivery = "at_most_once";
  readonly timeoutMs: number;
  readonly flags: number;
  readonly items: StreamInput | undefined;
  readonly output: StreamOutput | undefined;
  readonly #reply: Deferred<StreamReply> = deferred<StreamReply>();
  #call: Call | undefined;
  #unsubscribe: (() => void) | undefined;

  /** Throws `RangeError` for a bad timeout, `TypeError` for a body that is not made of bytes. */
  constructor(
    transport: NetTransport,
    message: { readonly to: Endpoint; readonly body: Uint8Array },
    options: StreamOptions,
  ) {
    const { sends, takes, timeoutMs = Infinity, signal } = options;
    if (timeoutMs !== Infinity) checkPositive("timeoutMs", timeoutMs);
    checkBytes("a request", message.body);
    this.token = message.to.token;
    this.name = options.name;
    this.body = message.body;
    this.extra = options.extra ?? emptyBytes;
    this.timeoutMs = timeoutMs;
    this.flags =
      (sends === true ? RequestFlag.sendsItems : 0) |
      (takes === true ? RequestFlag.takesItems : 0);
    const { streamWindowBytes } = transport.config;
    if (sends === true) this.output = new StreamOutput(Way.toReceiver);
    if (takes === true)
      this.items = new StreamInput(Way.toReceiver, streamWindowBytes);
    // Whoever reads items hears of a failure there.
    this.#reply.promise.catch(() => undefined);
    this.#call = transport.start(transport.peer(message.to.address), this);
    if (!this.#call.settled)
      this.#unsubscribe = onAbort(signal, (reason) => this.cancel(reason));
  }

  get streams(): RequestStreams {
    return this;
  }

  /** How the other side ended it: known before whoever reads items is told of the end. Rejects with `ReplyError`. */
  get reply(): Promise<StreamReply> {
    return this.#reply.promise;
  }

  /** Give up: what has come and was not read is dropped. Harmless when it has ended. */
  cancel(reason?: unknown): void {
    this.#call?.cancel(reason);
  }

  open(channel: Channel, token: Token): void {
    this.items?.open(channel, token);
    this.output?.open(channel, token);
  }

  replied(body: Uint8Array, extra: Uint8Array): void {
    this.#unsubscribe?.();
    this.output?.stop();
    this.#reply.resolve({ body, extra });
    this.items?.end();
  }

  failed(error: ReplyError): void {
    this.#unsubscribe?.();
    this.output?.stop();
    this.#reply.reject(error);
    this.items?.fail(error, isOurs(error) ? "drop" : "keep");
  }

  [Symbol.dispose](): void {
    this.cancel(new Error("the stream was disposed of"));
  }
}

/** Whether we ended it: then nobody wants the rest either. */
function isOurs(error: ReplyError): boolean {
  return (
    isReplyError(error, "cancelled") || isReplyError(error, "deadline_exceeded")
  );
}
