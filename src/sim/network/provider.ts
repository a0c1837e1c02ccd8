/** The network as one simulated process sees it. */
import {
  NetworkAddress,
  NetworkError,
  toAddress,
  type Connection,
  type Listener,
  type NetworkProvider,
  type WaitOptions,
} from "../../core/index.ts";
import type { SimHandle } from "../handle.ts";
import { EventKind } from "../owner.ts";
import { toMicros } from "../time.ts";
import { ConnectAttempt } from "./connect.ts";
import { SimListener } from "./listener.ts";
import type { SimNetwork } from "./sim-network.ts";

const anyIps = new Set(["0.0.0.0", "::"]);

export class SimNetworkProvider implements NetworkProvider {
  readonly #network: SimNetwork;
  readonly #handle: SimHandle;

  constructor(network: SimNetwork, handle: SimHandle) {
    this.#network = network;
    this.#handle = handle;
  }

  bind(where: string | NetworkAddress): Promise<Listener> {
    const address = toAddress(where);
    const { engine, incarnation } = this.#handle;
    if (!this.#handle.usable) return this.#handle.unusable();
    const [fromMs, toMs] = this.#network.config.bindMs;
    const delayMs = fromMs + engine.stream(`connect ${incarnation.ip}`).ratio() * (toMs - fromMs);
    return new Promise((resolve, reject) => {
      const settle = (): void => this.#bindNow(address, resolve, reject);
      engine.schedule(toMicros(delayMs), incarnation, EventKind.network, call, settle);
    });
  }

  connect(where: string | NetworkAddress, options: WaitOptions = {}): Promise<Connection> {
    const remote = this.#dialled(toAddress(where));
    const handle = this.#handle;
    if (!handle.usable) return handle.unusable();
    if (options.signal?.aborted === true) return Promise.reject(options.signal.reason as Error);
    const { ip } = handle.incarnation;
    const local = new NetworkAddress(ip, this.#network.ephemeralPort(ip));
    return new Promise((resolve, reject) => {
      new ConnectAttempt(this.#network, handle, { local, remote, resolve, reject }).begin(options.signal);
    });
  }

  #bindNow(address: NetworkAddress, resolve: (listener: Listener) => void, reject: (error: unknown) => void): void {
    const { ip } = this.#handle.incarnation;
    const { listeners } = this.#network.host(ip);
    const port = address.port === 0 ? this.#network.ephemeralPort(ip) : address.port;
    if (address.ip !== ip && !anyIps.has(address.ip)) {
      const message = `${address.key} cannot be listened on: this machine is ${ip}`;
      reject(new NetworkError("address_not_available", message, { address: address.key }));
    } else if (listeners.has(port)) {
      const message = `port ${port} of ${ip} is taken by another listener: close that, or bind port 0 for a free one`;
      reject(new NetworkError("address_in_use", message, { address: address.key }));
    } else {
      const listener = new SimListener(this.#handle, address.withPort(port), () => listeners.delete(port));
      listeners.set(port, listener);
      resolve(listener);
    }
  }

  /** Loopback and wildcard addresses mean this machine, as everywhere. */
  #dialled(address: NetworkAddress): NetworkAddress {
    const local = anyIps.has(address.ip) || address.ip === "127.0.0.1" || address.ip === "::1";
    return local ? new NetworkAddress(this.#handle.incarnation.ip, address.port, address.flags) : address;
  }
}

function call(callback: () => void): void {
  callback();
}
