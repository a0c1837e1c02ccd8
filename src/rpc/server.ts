/** Serving a service. */
import {
  checkFunctionOption,
  refuseUnknownOptions,
  shown,
} from "../base/known-options.ts";
import { type Endpoint, type UID } from "../core/index.ts";
import {
  DuplicateFilter,
  type DuplicateFilterOptions,
  type MessageReceiver,
  type NetTransport,
} from "../transport/index.ts";
import type { HandlerContext } from "./call-options.ts";
import { type MessageCodec, protobufCodec } from "./codec.ts";
import {
  chain,
  checkInterceptors,
  type IncomingCall,
  type ServerInterceptor,
} from "./interceptor.ts";
import {
  type AnyHandler,
  type Caller,
  type HandlerResult,
  MethodServer,
} from "./method-server.ts";
import type { ServerCall } from "./server-call.ts";
import { serviceToken } from "./service-token.ts";
import type { MethodSpec, ServiceSpec } from "./spec.ts";

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

/** A service that is being served. Dispose of it to stop. */
export interface ServerHandle extends AsyncDisposable {
  /** Where this service is, as data that may travel in a message. Throws `TypeError` when the transport does not listen. */
  readonly endpoint: Endpoint;
  /** Calls that have begun and not ended. */
  readonly runningCount: number;
  /** Take no more calls, and break the promises of those that run: their callers hear of it now. */
  stop(): Promise<void>;
}

/**
 * Serve a service: a typed object, or an instance of a class. Throws `TypeError` for a method that is missing or an
 * option that cannot be, and `MessagingError` when the service is served already.
 */
export function serve<Handler>(
  transport: NetTransport,
  spec: ServiceSpec<unknown, Handler>,
  handler: NoInfer<Handler>,
  options: ServeOptions = {},
): ServerHandle {
  checkServeOptions(options);
  const server = new Server(transport, spec, options);
  server.start(handler as Record<string, unknown>);
  return server;
}

/** The endpoints of one service. */
class Server implements ServerHandle {
  readonly #transport: NetTransport;
  readonly #spec: ServiceSpec;
  readonly #options: ServeOptions;
  readonly #token: UID;
  readonly #running = new Set<ServerCall>();
  readonly #registrations: Disposable[] = [];

  constructor(
    transport: NetTransport,
    spec: ServiceSpec,
    options: ServeOptions,
  ) {
    this.#transport = transport;
    this.#spec = spec;
    this.#options = options;
    this.#token = options.token ?? serviceToken(spec);
  }

  /** Register all methods, or none. */
  start(handler: Record<string, unknown>): void {
    const servers = Object.entries(this.#spec.methods).map(([key, method]) =>
      this.#methodServer(method, handlerOf(this.#spec, handler, key)),
    );
    try {
      for (const server of servers) {
        const token = this.#token.adjusted(server.id);
        const receiver = this.#receiver(server);
        this.#registrations.push(this.#transport.register(token, receiver));
      }
    } catch (error) {
      this.#unregister();
      throw error;
    }
  }

  get endpoint(): Endpoint {
    return this.#transport.endpoint(this.#token);
  }

  get runningCount(): number {
    return this.#running.size;
  }

  async stop(): Promise<void> {
    this.#unregister();
    for (const call of [...this.#running]) call.stop();
    if (this.#options.ownsTransport === true) await this.#transport.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  #methodServer(method: MethodSpec, handle: AnyHandler): MethodServer {
    const {
      codec = protobufCodec,
      exposeErrors = false,
      onError,
      isInside,
      interceptors = [],
    } = this.#options;
    const { providers, deadlines } = this.#transport;
    const fullName = `${this.#spec.name}.${method.name}`;
    return new MethodServer({
      fullName,
      method,
      handle:
        interceptors.length === 0
          ? handle
          : intercepted(
              interceptors,
              { service: this.#spec, method, providers },
              handle,
            ),
      codec,
      exposeErrors,
      onError,
      isInside,
      providers,
      deadlines,
      running: this.#running,
    });
  }

  /** Where the contract asks for it, each call is seen once. */
  #receiver(server: MethodServer): MessageReceiver {
    if (!server.dedupes) return server;
    const filter = new DuplicateFilter(
      this.#transport,
      server,
      this.#options.dedupe,
    );
    this.#registrations.push({ [Symbol.dispose]: () => filter.clear() });
    return filter;
  }

  #unregister(): void {
    for (const registration of this.#registrations.splice(0))
      registration[Symbol.dispose]();
  }
}

/** Refuse options that are not known, and values that would be passed over in silence. */
function checkServeOptions(options: ServeOptions): void {
  refuseUnknownOptions("serve", options, serveOptionNames);
  checkInterceptors(options.interceptors);
  checkFunctionOption("onError", options.onError);
  checkFunctionOption("isInside", options.isInside);
}

/** Methods of a class instance need their `this`. */
function handlerOf(
  spec: ServiceSpec,
  handler: Record<string, unknown>,
  key: string,
): AnyHandler {
  if (typeof handler !== "object" || handler === null)
    throw new TypeError(
      `the handler of ${spec.name} must be an object with its methods, not ${shown(handler)}`,
    );
  const handle = handler[key];
  if (typeof handle !== "function")
    throw new TypeError(`the handler of ${spec.name} has no method "${key}"`);
  return handle.bind(handler) as AnyHandler;
}

/** A handler with interceptors around it. */
function intercepted(
  interceptors: readonly ServerInterceptor[],
  subject: Pick<IncomingCall, "service" | "method" | "providers">,
  handle: AnyHandler,
): AnyHandler {
  const run = chain<IncomingCall>(interceptors, ({ request, context }) =>
    handle(request, context),
  );
  return (request, context) =>
    run({ ...subject, request, context }) as Promise<HandlerResult>;
}

const serveOptionNames = [
  "interceptors",
  "token",
  "codec",
  "exposeErrors",
  "onError",
  "dedupe",
  "isInside",
  "ownsTransport",
];
