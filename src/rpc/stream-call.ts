/** One call with streams, from the caller's side. */
import { emptyBytes } from "../base/bytes.ts";
import { Endpoint } from "../core/index.ts";
import { type StreamReply, StreamCall } from "../transport/index.ts";
import type { CallOptions } from "./call-options.ts";
import { obstacleTo, onGivenUp, timeoutOf } from "./call-terms.ts";
import { checkStream, encodeMessage } from "./encode-message.ts";
import { codecError, toRpcError } from "./lower-errors.ts";
import { LazyStream } from "./lazy-stream.ts";
import { MessageStream } from "./message-stream.ts";
import {
  decodeMetadata,
  encodeMetadata,
  type Metadata,
  noMetadata,
} from "./metadata.ts";
import { pump } from "./pump.ts";
import { RpcError } from "./rpc-error.ts";
import { sendsStream, takesStream } from "./method-kind.ts";
import { TooLargeError } from "./too-large.ts";
import type { MethodBinding } from "./unary-call.ts";

/** Call a method that answers with a stream. Nothing happens before the first item is asked for. */
export function streamResponses(
  binding: MethodBinding,
  request: unknown,
  options: CallOptions = {},
): AsyncIterable<unknown> {
  const timeoutMs = timeoutOf(options, binding.timeoutMs);
  checkRequests(binding, request);
  return new LazyStream(() =>
    new ClientStream(binding, options).start(request, timeoutMs).responses(),
  );
}

/** Call a method that takes a stream and answers once. */
export async function streamRequests(
  binding: MethodBinding,
  requests: unknown,
  options: CallOptions = {},
): Promise<unknown> {
  const timeoutMs = timeoutOf(options, binding.timeoutMs);
  checkRequests(binding, requests);
  return new ClientStream(binding, options)
    .start(requests, timeoutMs)
    .response();
}

/** Throws `TypeError` for requests that are no stream, where one is wanted. */
function checkRequests(
  { method, fullName }: MethodBinding,
  requests: unknown,
): void {
  if (sendsStream(method.kind))
    checkStream(requests, `what ${fullName} is called with`);
}

class ClientStream {
  readonly #binding: MethodBinding;
  readonly #options: CallOptions;
  #call: StreamCall | undefined;
  #unsubscribe: (() => void) | undefined;
  /** What is wrong with a request of ours: says more than that the call was cancelled. */
  #problem: RpcError | undefined;
  /** What the listener for metadata threw: how the call ends for its caller, whatever the server said. */
  #thrown: { readonly error: unknown } | undefined;

  constructor(binding: MethodBinding, options: CallOptions) {
    this.#binding = binding;
    this.#options = options;
  }

  /** Throws `RpcError` when the call cannot begin. */
  start(request: unknown, timeoutMs: number): this {
    const { method, transport, peer, token } = this.#binding;
    const obstacle = obstacleTo(this.#options, timeoutMs);
    if (obstacle !== undefined) throw obstacle;
    const sends = sendsStream(method.kind);
    const extra = encodeMetadata(this.#options.metadata);
    const body = sends ? emptyBytes : this.#encode(request);
    this.#trace("rpc.call", { delivery: "at_most_once" });
    const takes = takesStream(method.kind);
    const { fullName: name } = this.#binding;
    const call = new StreamCall(
      transport,
      { to: new Endpoint(peer.address, token), body },
      { sends, takes, timeoutMs, extra, name },
    );
    this.#call = call;
    this.#unsubscribe = onGivenUp(this.#options, (reason) =>
      call.cancel(reason),
    );
    call.reply.then(this.#replied, this.#failed);
    if (sends) this.#send(request as AsyncIterable<unknown>, call);
    return this;
  }

  /** What comes back, one after the other. */
  responses(): AsyncIterator<unknown> {
    const { codec, method, fullName } = this.#binding;
    const call = this.#call as StreamCall;
    return new MessageStream(call.items!, {
      codec,
      schema: method.output,
      ended: () => this.#checkListener(),
      broken: (cause) => {
        this.#checkListener();
        return this.#errorOf(cause);
      },
      unreadable: (cause) => {
        call.cancel(cause);
        return codecError("decode_response", fullName, cause);
      },
      left: () => call.cancel(new Error("the reader left the stream")),
    });
  }

  /** What comes back, once. */
  async response(): Promise<unknown> {
    const { codec, method, fullName } = this.#binding;
    let reply: StreamReply;
    try {
      reply = await (this.#call as StreamCall).reply;
    } catch (error) {
      this.#checkListener();
      throw this.#errorOf(error);
    }
    this.#checkListener();
    try {
      return codec.decode(method.output, reply.body);
    } catch (error) {
      throw codecError("decode_response", fullName, error);
    }
  }

  /** Send the requests in a task of their own: they go on while responses are read. */
  #send(requests: AsyncIterable<unknown>, call: StreamCall): void {
    const { transport, fullName } = this.#binding;
    transport.providers.tasks.spawn(`requests of ${fullName}`, async () => {
      try {
        const outcome = await pump(requests, call.output!, (item) =>
          this.#encodeItem(item),
        );
        if (outcome === "complete") call.output!.end();
      } catch (error) {
        if (error instanceof TooLargeError) this.#problem = tooLarge(error);
        call.cancel(this.#problem ?? error);
      }
    });
  }

  #encodeItem(item: unknown): Uint8Array {
    try {
      return this.#encode(item);
    } catch (error) {
      this.#problem = error as RpcError;
      throw error;
    }
  }

  #encode(request: unknown): Uint8Array {
    const { method, fullName } = this.#binding;
    try {
      return encodeMessage(this.#binding, method.input, request);
    } catch (error) {
      throw codecError("encode_request", fullName, error);
    }
  }

  readonly #replied = ({ extra }: StreamReply): void => {
    this.#unsubscribe?.();
    this.#trace("rpc.replied", {});
    if (extra.length > 0) this.#tell(decodeMetadata(extra));
  };

  readonly #failed = (cause: unknown): void => {
    this.#unsubscribe?.();
    const { code, delivery, metadata } = this.#errorOf(cause);
    this.#trace("rpc.failed", { code, delivery });
    if (metadata !== noMetadata) this.#tell(metadata);
  };

  #tell(metadata: Metadata): void {
    try {
      this.#options.onReplyMetadata?.(metadata);
    } catch (error) {
      this.#thrown = { error };
    }
  }

  #checkListener(): void {
    if (this.#thrown !== undefined) throw this.#thrown.error;
  }

  /** The problem with a request is the error of the call that it ended, which may have begun with those before. */
  #errorOf(cause: unknown): RpcError {
    const error = toRpcError(cause);
    if (this.#problem === undefined || error.cause !== this.#problem)
      return error;
    const { code, rawMessage, cause: why } = this.#problem;
    const { delivery } = error;
    return new RpcError(code, rawMessage, { delivery, cause: why });
  }

  #trace(event: string, fields: Record<string, string>): void {
    const { transport, peer, fullName } = this.#binding;
    const { trace } = transport.providers;
    if (trace.enabled)
      trace.emit(event, { method: fullName, to: peer.address.key, ...fields });
  }
}

function tooLarge(cause: TooLargeError): RpcError {
  return new RpcError("resource_exhausted", cause.message, { cause });
}
