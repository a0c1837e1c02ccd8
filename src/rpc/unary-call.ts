/** One call, from the caller's side. */
import type { DescMessage, MessageInitShape } from "@bufbuild/protobuf";

import { onAbort, type UID } from "../core/index.ts";
import type {
  Call,
  NetTransport,
  OutgoingRequest,
  Peer,
  ReplyError,
} from "../transport/index.ts";
import type { CallOptions } from "./call-options.ts";
import type { MessageCodec } from "./codec.ts";
import { codecError, toRpcError } from "./lower-errors.ts";
import type { RpcError } from "./rpc-error.ts";
import type { Delivery, MethodSpec } from "./spec.ts";

export type RequestInit = MessageInitShape<DescMessage>;

/** All that calls of one method by one client, in one way, have in common; made once. */
export interface MethodBinding {
  readonly transport: NetTransport;
  readonly peer: Peer;
  readonly codec: MessageCodec;
  readonly method: MethodSpec;
  readonly fullName: string;
  readonly token: UID;
  readonly delivery: Delivery;
  readonly timeoutMs: number;
}

/** Call a method. Throws `RangeError` for a bad timeout; all else rejects, with `RpcError`. */
export function startCall(
  binding: MethodBinding,
  request: RequestInit,
  options?: CallOptions,
): Promise<unknown> {
  const timeoutMs = options?.timeoutMs ?? binding.timeoutMs;
  if (timeoutMs !== binding.timeoutMs) checkTimeout(timeoutMs);
  if (options?.failedForMs !== undefined)
    checkTimeout(options.failedForMs, "failedForMs");
  return new Promise((resolve, reject) => {
    const call = new UnaryCall(binding, timeoutMs, { resolve, reject });
    call.start(request, options);
  });
}

/** Send a message once, and wait for no answer. The binding's delivery is `one_way`. Throws `RpcError` when it cannot be queued. */
export function sendOneWay(binding: MethodBinding, request: RequestInit): void {
  let problem: unknown;
  const reject = (error: RpcError): void => {
    problem = error;
  };
  new UnaryCall(binding, Infinity, { resolve: ignore, reject }).start(
    request,
    undefined,
  );
  if (problem !== undefined) throw problem as RpcError;
}

/** A request, and the promise that waits for its response. */
class UnaryCall implements OutgoingRequest {
  readonly token: UID;
  body: Uint8Array = noBody;
  readonly delivery: Delivery;
  readonly timeoutMs: number;
  readonly extra: Uint8Array = noBody;
  readonly streams: undefined = undefined;
  readonly #binding: MethodBinding;
  readonly #promise: Settle;
  #unsubscribe: (() => void) | undefined;
  #stopWatching: (() => void) | undefined;

  constructor(binding: MethodBinding, timeoutMs: number, promise: Settle) {
    this.token = binding.token;
    this.delivery = binding.delivery;
    this.timeoutMs = timeoutMs;
    this.#binding = binding;
    this.#promise = promise;
  }

  start(request: RequestInit, options: CallOptions | undefined): void {
    const { codec, method, fullName, transport, peer } = this.#binding;
    try {
      this.body = codec.encode(method.input, request);
    } catch (error) {
      this.#promise.reject(codecError("encode_request", fullName, error));
      return;
    }
    if (transport.providers.trace.enabled)
      this.#trace("rpc.call", { delivery: this.delivery });
    const call = transport.start(peer, this);
    if (options !== undefined && !call.settled) this.#watch(call, options);
  }

  replied(body: Uint8Array): void {
    const { codec, method, fullName, transport } = this.#binding;
    this.#unwatch();
    let response: unknown;
    try {
      response = codec.decode(method.output, body);
    } catch (error) {
      this.#promise.reject(codecError("decode_response", fullName, error));
      return;
    }
    if (transport.providers.trace.enabled) this.#trace("rpc.replied", {});
    this.#promise.resolve(response);
  }

  failed(lower: ReplyError): void {
    this.#unwatch();
    const error = toRpcError(lower);
    if (this.#binding.transport.providers.trace.enabled) {
      this.#trace("rpc.failed", { code: error.code, delivery: error.delivery });
    }
    this.#promise.reject(error);
  }

  #watch(call: Call, { signal, failedForMs }: CallOptions): void {
    if (signal !== undefined)
      this.#unsubscribe = onAbort(signal, (reason) => call.cancel(reason));
    if (failedForMs === undefined || call.settled) return;
    const { transport, peer } = this.#binding;
    this.#stopWatching = transport.failureMonitor.onFailedFor(
      peer.address,
      failedForMs,
      () => call.peerFailed(failedForMs),
    );
  }

  #unwatch(): void {
    this.#unsubscribe?.();
    this.#stopWatching?.();
  }

  #trace(event: string, fields: Record<string, string>): void {
    const { transport, peer, fullName } = this.#binding;
    transport.providers.trace.emit(event, {
      method: fullName,
      to: peer.address.key,
      ...fields,
    });
  }
}

interface Settle {
  readonly resolve: (response: unknown) => void;
  readonly reject: (error: RpcError) => void;
}

/** Refuse what is no length of time that a call could take. */
export function checkTimeout(timeoutMs: number, name = "timeoutMs"): void {
  if (timeoutMs > 0) return;
  throw new RangeError(
    `${name} must be a number of milliseconds above 0, not ${timeoutMs}`,
  );
}

function ignore(): void {
  // Nothing is answered to a one-way message.
}

const noBody = new Uint8Array(0);
