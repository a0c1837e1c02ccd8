/** One call, from the caller's side. */
import type { DescMessage, MessageInitShape } from "@bufbuild/protobuf";

import { emptyBytes } from "../base/bytes.ts";
import type { UID } from "../core/index.ts";
import type {
  Call,
  NetTransport,
  OutgoingRequest,
  Peer,
  ReplyError,
} from "../transport/index.ts";
import { rejectedWhereAwaited } from "./await-site.ts";
import type { CallOptions } from "./call-options.ts";
import { obstacleTo, onGivenUp, timeoutOf } from "./call-terms.ts";
import type { MessageCodec } from "./codec.ts";
import { encodeMessage } from "./encode-message.ts";
import { codecError, toRpcError } from "./lower-errors.ts";
import {
  decodeMetadata,
  encodeMetadata,
  type Metadata,
  noMetadata,
} from "./metadata.ts";
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

/** Call a method. Throws for a bad timeout or bad metadata; all else rejects, with `RpcError`. */
export function startCall(
  binding: MethodBinding,
  request: RequestInit,
  options?: CallOptions,
): Promise<unknown> {
  const timeoutMs = timeoutOf(options, binding.timeoutMs);
  const obstacle = obstacleTo(options, timeoutMs);
  if (obstacle !== undefined) return Promise.reject(obstacle);
  const extra = encodeMetadata(options?.metadata);
  return new Promise((resolve, reject) => {
    const terms = { timeoutMs, extra, options };
    new UnaryCall(binding, terms, { resolve, reject }).start(request);
  });
}

/** Send a message once, and wait for no answer. The binding's delivery is `one_way`. Throws `RpcError` when it cannot be queued. */
export function sendOneWay(
  binding: MethodBinding,
  request: RequestInit,
  metadata?: Metadata,
): void {
  let problem: unknown;
  const reject = (error: unknown): void => {
    problem = error;
  };
  const terms =
    metadata === undefined
      ? oneWayTerms
      : { ...oneWayTerms, extra: encodeMetadata(metadata) };
  const call = new UnaryCall(binding, terms, { resolve: ignore, reject });
  call.start(request);
  if (problem !== undefined) throw problem as RpcError;
}

/** A request, and the promise that waits for its response. */
class UnaryCall implements OutgoingRequest {
  readonly token: UID;
  body: Uint8Array = emptyBytes;
  readonly delivery: Delivery;
  readonly timeoutMs: number;
  readonly extra: Uint8Array;
  readonly streams: undefined = undefined;
  readonly #binding: MethodBinding;
  readonly #options: CallOptions | undefined;
  readonly #promise: Settle;
  #unsubscribe: (() => void) | undefined;
  #stopWatching: (() => void) | undefined;

  constructor(binding: MethodBinding, terms: Terms, promise: Settle) {
    this.token = binding.token;
    this.delivery = binding.delivery;
    this.timeoutMs = terms.timeoutMs;
    this.extra = terms.extra;
    this.#options = terms.options;
    this.#binding = binding;
    this.#promise = promise;
  }

  get name(): string {
    return this.#binding.fullName;
  }

  start(request: RequestInit): void {
    const { method, fullName, transport, peer } = this.#binding;
    try {
      this.body = encodeMessage(this.#binding, method.input, request);
    } catch (error) {
      this.#promise.reject(codecError("encode_request", fullName, error));
      return;
    }
    if (transport.providers.trace.enabled)
      this.#trace("rpc.call", { delivery: this.delivery });
    const call = transport.start(peer, this);
    if (this.#options !== undefined && !call.settled)
      this.#watch(call, this.#options);
  }

  replied(body: Uint8Array, extra: Uint8Array): void {
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
    if (extra.length > 0) this.#tell(decodeMetadata(extra));
    this.#promise.resolve(response);
  }

  failed(lower: ReplyError): void {
    this.#unwatch();
    const error = toRpcError(lower);
    if (this.#binding.transport.providers.trace.enabled) {
      this.#trace("rpc.failed", { code: error.code, delivery: error.delivery });
    }
    if (error.metadata !== noMetadata && !this.#tell(error.metadata)) return;
    // Whoever sends and does not wait is told at once.
    if (this.delivery === "one_way") this.#promise.reject(error);
    else this.#promise.resolve(rejectedWhereAwaited(error));
  }

  /** What a listener throws is its caller's affair: it must not reach the connection, and others' calls with it. */
  #tell(metadata: Metadata): boolean {
    try {
      this.#options?.onReplyMetadata?.(metadata);
      return true;
    } catch (error) {
      this.#promise.reject(error);
      return false;
    }
  }

  #watch(call: Call, options: CallOptions): void {
    const { signal, parent, failedForMs } = options;
    if (signal !== undefined || parent !== undefined)
      this.#unsubscribe = onGivenUp(options, (reason) => call.cancel(reason));
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

interface Terms {
  readonly timeoutMs: number;
  readonly extra: Uint8Array;
  readonly options: CallOptions | undefined;
}

interface Settle {
  readonly resolve: (response: unknown) => void;
  readonly reject: (error: unknown) => void;
}

function ignore(): void {
  // Nothing is answered to a one-way message.
}

const oneWayTerms: Terms = {
  timeoutMs: Infinity,
  extra: emptyBytes,
  options: undefined,
};
