/** What may be said about serving a service. */
import type { UID } from "../core/index.ts";
import type { DuplicateFilterOptions } from "../transport/index.ts";
import type { HandlerContext } from "./call-options.ts";
import type { MessageCodec } from "./codec.ts";
import type { ServerInterceptor } from "./interceptor.ts";
import type { Caller } from "./served-method.ts";

export interface ServeOptions {
  /**
   * Serve one instance, under a token of its own instead of the service's name: only those who are told its
   * `endpoint` can call it. Use `transport.newToken()`.
   */
  token?: UID | undefined;
  /** Default `protobufCodec`. */
  codec?: MessageCodec | undefined;
  /** Tell callers the text of whatever a handler throws. Default false: it may hold what they should not know. */
  exposeErrors?: boolean | undefined;
  /**
   * Told of everything a handler throws that is no `RpcError`, and of answers that are no message or too large: the place
   * to log. What it throws itself is dropped.
   */
  onError?: ((error: unknown, context: HandlerContext) => void) | undefined;
  /**
   * Who calls from inside the cluster. Others may call only what the contract marks as `public`, and are told
   * `permission_denied` elsewhere. Default: everybody is inside. A caller's address is where its connection comes from;
   * with mutual TLS its `peerName` is proved.
   */
  isInside?: ((caller: Caller) => boolean) | undefined;
  /** What stands around every handler, the first one outermost. Default: nothing. */
  interceptors?: readonly ServerInterceptor[] | undefined;
  /** How much is remembered of methods that the contract marks with `dedupe`, and for how long. */
  dedupe?: DuplicateFilterOptions | undefined;
  /** Close the transport when the server is stopped. Default false, as several services may share it. */
  ownsTransport?: boolean | undefined;
}

/** The names of all options: others are refused. */
export const serveOptionNames: readonly (keyof ServeOptions)[] = [
  "interceptors",
  "token",
  "codec",
  "exposeErrors",
  "onError",
  "dedupe",
  "isInside",
  "ownsTransport",
];
