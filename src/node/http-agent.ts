/** `node:http` clients on a provider's network. */
import { Agent, type AgentOptions, type ClientRequestArgs } from "node:http";

import type { Providers } from "../core/index.ts";
import { type ConnectionDuplex, connectDuplex } from "./duplex.ts";

/**
 * An agent whose connections go over `network`, and whose time-outs obey
 * `time`: `http.get({ agent, host, port, path })`. Everything else is Node's.
 *
 * Make one per process, where its providers are at hand. One that processes
 * shared would lend a connection of one process to another, and a rebooted
 * process would find connections of its former life.
 */
export function httpAgent(
  providers: Pick<Providers, "network" | "time">,
  options: AgentOptions = {},
): Agent {
  return new ProviderAgent(providers, options);
}

class ProviderAgent extends Agent {
  readonly #providers: Pick<Providers, "network" | "time">;

  constructor(
    providers: Pick<Providers, "network" | "time">,
    options: AgentOptions,
  ) {
    super(options);
    this.#providers = providers;
  }

  override createConnection(options: ClientRequestArgs): ConnectionDuplex {
    const { network, time } = this.#providers;
    const { host, port, timeout = 0 } = options;
    const name = host?.includes(":") === true ? `[${host}]` : host;
    const duplex = connectDuplex(network, `${name}:${port}`, { time });
    if (timeout > 0) duplex.setTimeout(timeout);
    return duplex;
  }
}
