/** A transport, put together step by step. */
import type { NetworkAddress, Providers } from "../core/index.ts";
import { MessagingError } from "./messaging-error.ts";
import { NetTransport } from "./net-transport.ts";
import type { PeerOptions } from "./peer-config.ts";
import type { TransportOptions } from "./transport-config.ts";

/**
 * Collects options and nothing else, for code that gets them from several places; `NetTransport.listen` and
 * `NetTransport.client` take them all at once. What is said twice counts as it was said last. A builder may build as
 * often as one likes.
 */
export class NetTransportBuilder {
  readonly #providers: Providers;
  #localAddress: string | NetworkAddress | undefined;
  #options: TransportOptions = {};

  constructor(providers: Providers) {
    this.#providers = providers;
  }

  /** Where to listen; port 0 takes a free one. */
  localAddress(address: string | NetworkAddress): this {
    this.#localAddress = address;
    return this;
  }

  /** How each peer behaves. Added to what was said of peers before. */
  peerConfig(peer: PeerOptions): this {
    return this.config({ peer: { ...this.#options.peer, ...peer } });
  }

  /** How the transport behaves. Added to what was said before. */
  config(options: TransportOptions): this {
    this.#options = { ...this.#options, ...options };
    return this;
  }

  /** Only call: no address is needed, and none is used. Throws `RangeError` for a bad option. */
  build(): NetTransport {
    return NetTransport.client(this.#providers, this.#options);
  }

  /**
   * Listen at the local address, as soon as this resolves. Rejects with `MessagingError` (`missing_local_address`) when
   * there is none, with `RangeError` for a bad option, and with `NetworkError`.
   */
  async buildListening(): Promise<NetTransport> {
    const address = this.#localAddress;
    if (address === undefined) {
      const remedy = "call localAddress() first, or build() a client";
      const message = `a transport that listens needs an address: ${remedy}`;
      throw new MessagingError("missing_local_address", message, {});
    }
    return NetTransport.listen(this.#providers, address, this.#options);
  }
}
