/** Serving a service. */
import {
  checkFunctionOption,
  refuseUnknownOptions,
} from "../base/known-options.ts";
import { shown } from "../base/shown.ts";
import { checkDelay, type Endpoint, type UID } from "../core/index.ts";
import {
  DuplicateFilter,
  isMessagingError,
  type MessageReceiver,
  MessagingError,
  type NetTransport,
} from "../transport/index.ts";
import { protobufCodec } from "./codec.ts";
import {
  chain,
  checkInterceptors,
  type IncomingCall,
  type ServerInterceptor,
} from "./interceptor.ts";
import { MethodServer } from "./method-server.ts";
import { RunningCalls } from "./running-calls.ts";
import { type ServeOptions, serveOptionNames } from "./serve-options.ts";
import type { AnyHandler, HandlerResult } from "./served-method.ts";
import { serviceToken } from "./service-token.ts";
import type { MethodSpec, ServiceSpec } from "./spec.ts";

export interface StopOptions {
  /**
   * How long calls that run may go on before they are broken, in milliseconds: finite, by the provider's clock. Default
   * 0: they are broken at once.
   */
  graceMs?: number | undefined;
}

/** A service that is being served. Dispose of it to stop. */
export interface ServerHandle extends AsyncDisposable {
  /** Where this service is, as data that may travel in a message. Throws `TypeError` when the transport does not listen. */
  readonly endpoint: Endpoint;
  /** Calls that have begun and not ended. */
  readonly runningCount: number;
  /**
   * Take no more calls, and break the promises of those that run: their callers hear of it now, or when `graceMs` is
   * over. Who calls meanwhile is told `unavailable`. Resolves when no call runs any more, and from then on nobody serves
   * this service here; a second `stop` with less patience cuts the first one short. Throws `RangeError` for a bad
   * `graceMs`.
   */
  stop(options?: StopOptions): Promise<void>;
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
  readonly #running = new RunningCalls();
  readonly #registrations: Disposable[] = [];
  readonly #filters: DuplicateFilter[] = [];

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
      if (!isMessagingError(error, "token_in_use")) throw error;
      const message = `${this.#spec.name} is served already on this transport, or something else at its token`;
      throw new MessagingError(error.code, message, error.details, {
        cause: error,
      });
    }
  }

  get endpoint(): Endpoint {
    return this.#transport.endpoint(this.#token);
  }

  get runningCount(): number {
    return this.#running.size;
  }

  stop(options: StopOptions = {}): Promise<void> {
    refuseUnknownOptions("stop", options, ["graceMs"]);
    const { graceMs = 0 } = options;
    checkDelay(graceMs, "graceMs");
    this.#running.close();
    return this.#end(graceMs);
  }

  async #end(graceMs: number): Promise<void> {
    if (graceMs > 0) await this.#noneRuns(graceMs);
    this.#unregister();
    this.#running.stop();
    for (const filter of this.#filters) filter.clear();
    if (this.#options.ownsTransport === true) await this.#transport.close();
  }

  /** Resolves when no call runs, or when time is up. */
  #noneRuns(withinMs: number): Promise<void> {
    const { time } = this.#transport.providers;
    return new Promise((resolve) => {
      const timer = time.schedule(withinMs, resolve);
      this.#running.onNone(() => {
        timer.cancel();
        resolve();
      });
    });
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
      { receive: (promise) => server.run(promise) },
      this.#options.dedupe,
    );
    this.#filters.push(filter);
    // Strangers are turned away first: they must not fill the memory.
    return {
      receive: (promise) =>
        server.admits(promise)
          ? filter.receive(promise)
          : promise.sendError("unauthorized"),
      closed: () => filter.closed(),
    };
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
