/** `node:http` servers on a provider's network. */
import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  ServerResponse,
} from "node:http";

import { type Deferred, deferred } from "../base/deferred.ts";
import {
  type Connection,
  isNetworkError,
  type Listener,
  type NetworkAddress,
  type Providers,
  type TimeProvider,
} from "../core/index.ts";
import { asDuplex, type ConnectionDuplex } from "./duplex.ts";

/** An HTTP server that has been given a listener, and what became of it. */
export interface HttpService extends AsyncDisposable {
  /** Where it listens; a port of 0 has become the real one. */
  readonly address: NetworkAddress;
  readonly server: Server;
  /**
   * Take no more connections, let the requests that are being answered finish,
   * and end every connection. Resolves when none is left.
   */
  close(): Promise<void>;
}

/**
 * Serve HTTP at `ip:port` of a provider: a handler, an application that is one
 * (Express, Koa's `callback()`), or a server of your own that was made with
 * `httpServerOptions` and does not listen itself.
 *
 * `server.timeout` and `server.keepAliveTimeout` work, on the provider's clock.
 * `headersTimeout` and `requestTimeout` do not: Node enforces them by an
 * interval of the machine that starts with `listen()`. Against clients that
 * never finish a request, set `service.server.timeout`.
 */
export async function serveHttp(
  providers: Pick<Providers, "network" | "tasks" | "time">,
  address: string | NetworkAddress,
  application: RequestListener | Server,
): Promise<HttpService> {
  const { network, tasks, time } = providers;
  const server =
    typeof application === "function"
      ? createServer(httpServerOptions(time), application)
      : application;
  const service = new ProviderHttpService({
    listener: await network.bind(address),
    server,
    time,
  });
  tasks.spawn(`http at ${service.address.key}`, () => service.accept());
  return service;
}

/**
 * What `http.createServer` has to be told, for its answers not to depend on
 * the machine: the `Date` header shows the provider's wall clock.
 * A response goes without one after `removeHeader("Date")`.
 */
export function httpServerOptions(time: TimeProvider): {
  ServerResponse: typeof ServerResponse;
} {
  class DatedResponse<
    Request extends IncomingMessage = IncomingMessage,
  > extends ServerResponse<Request> {
    constructor(request: Request, options?: object) {
      // Node passes two arguments; its documented type has one.
      super(...([request, options] as unknown as [Request]));
      setDate(this, time);
    }
  }
  return { ServerResponse: DatedResponse };
}

interface ServiceParts {
  readonly listener: Listener;
  readonly server: Server;
  readonly time: TimeProvider;
}

/** Hands connections to a server that does not listen itself. */
class ProviderHttpService implements HttpService {
  readonly server: Server;
  readonly #listener: Listener;
  readonly #time: TimeProvider;
  /** Every open connection, and the responses that are due on it. */
  readonly #open = new Map<unknown, Set<ServerResponse>>();
  #closing: Deferred<void> | undefined;

  constructor({ listener, server, time }: ServiceParts) {
    this.server = server;
    this.#listener = listener;
    this.#time = time;
    for (const event of ["request", "checkContinue", "checkExpectation"]) {
      const handled = event === "request" || server.listenerCount(event) > 0;
      if (handled) server.prependListener(event, this.#responds);
    }
  }

  get address(): NetworkAddress {
    return this.#listener.address;
  }

  async accept(): Promise<void> {
    try {
      for (;;) this.#serve(await this.#listener.accept());
    } catch (error) {
      if (!isNetworkError(error, "closed")) throw error;
    }
  }

  async close(): Promise<void> {
    this.#closing ??= deferred();
    await this.#listener.close();
    for (const [socket, responses] of this.#open) {
      for (const response of responses) lastOfItsConnection(response);
      this.#endIfIdle(socket as ConnectionDuplex);
    }
    if (this.#open.size === 0) this.#closing.resolve();
    await this.#closing.promise;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #serve(connection: Connection): void {
    // As a server of Node's own: HTTP decides what a client's end means.
    const options = { time: this.#time, allowHalfOpen: true };
    const duplex = asDuplex(connection, options);
    this.#open.set(duplex, new Set());
    duplex.once("close", () => {
      this.#open.delete(duplex);
      if (this.#open.size === 0) this.#closing?.resolve();
    });
    this.server.emit("connection", duplex);
    this.#endIfIdle(duplex);
  }

  readonly #responds = (
    { socket }: IncomingMessage,
    response: ServerResponse,
  ): void => {
    if (response.sendDate) setDate(response, this.#time);
    const responses = this.#open.get(socket);
    if (responses === undefined) return;
    responses.add(response);
    if (this.#closing !== undefined) lastOfItsConnection(response);
    response.once("close", () => {
      responses.delete(response);
      this.#endIfIdle(socket as unknown as ConnectionDuplex);
    });
  };

  #endIfIdle(duplex: ConnectionDuplex): void {
    if (this.#closing === undefined) return;
    if (this.#open.get(duplex)?.size === 0) duplex.destroySoon();
  }
}

/** Node would ask the machine. */
function setDate(response: ServerResponse, time: TimeProvider): void {
  response.sendDate = false;
  response.setHeader("Date", new Date(time.wallClock()).toUTCString());
}

/** Tell the client to send no other request on this connection. */
function lastOfItsConnection(response: ServerResponse): void {
  if (!response.headersSent) response.setHeader("Connection", "close");
}
