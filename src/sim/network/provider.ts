/** The network as one simulated process sees it. */
import {
  addressFlagTls,
  isIp,
  NetworkAddress,
  NetworkError,
  toAddress,
  toRemoteAddress,
  type Connection,
  type DatagramSocket,
  type Listener,
  type NetworkProvider,
  type RemoteAddress,
  type WaitOptions,
} from "../../core/index.ts";
import { named } from "../event.ts";
import type { SimHandle } from "../handle.ts";
import { EventKind } from "../owner.ts";
import { toMicros } from "../time.ts";
import { ConnectAttempt } from "./connect.ts";
import { SimDatagramSocket } from "./datagram.ts";
import { SimListener } from "./listener.ts";
import type { SimNetwork } from "./sim-network.ts";

const anyIps: ReadonlySet<string> = new Set(["0.0.0.0", "::"]);
const loopbackIps: ReadonlySet<string> = new Set(["127.0.0.1", "::1"]);

export class SimNetworkProvider implements NetworkProvider {
  readonly #network: SimNetwork;
  readonly #handle: SimHandle;

  constructor(network: SimNetwork, handle: SimHandle) {
    this.#network = network;
    this.#handle = handle;
  }

  bind(where: string | NetworkAddress): Promise<Listener> {
    return this.#take(toAddress(where), (address) => {
      const { listeners } = this.#network.hosts.at(this.#handle.incarnation.ip);
      return listeners.has(address.port)
        ? undefined
        : this.#listen(address, listeners);
    });
  }

  bindDatagram(where: string | NetworkAddress): Promise<DatagramSocket> {
    return this.#take(toAddress(where), (address) => {
      const { datagramSockets } = this.#network.hosts.at(
        this.#handle.incarnation.ip,
      );
      return datagramSockets.has(address.port)
        ? undefined
        : new SimDatagramSocket(this.#network, this.#handle, address);
    });
  }

  connect(
    where: string | RemoteAddress,
    options: WaitOptions = {},
  ): Promise<Connection> {
    const target = toRemoteAddress(where);
    const handle = this.#handle;
    if (!handle.usable) return handle.unusable();
    if (options.signal?.aborted === true)
      return Promise.reject(options.signal.reason as Error);
    const remote = this.#resolve(target);
    if (remote === undefined) return Promise.reject(unknownName(target));
    const { ip } = handle.incarnation;
    const port = this.#network.hosts.ephemeralPort(ip);
    if (port === undefined) return Promise.reject(noPortLeft(ip));
    const local = new NetworkAddress(ip, port);
    return new Promise((resolve, reject) => {
      const parts = { local, remote, resolve, reject };
      new ConnectAttempt(this.#network, handle, parts).begin(options.signal);
    });
  }

  onGone(release: () => void): () => void {
    return this.#handle.incarnation.onGone(release);
  }

  /** After a while, take a port of this machine. `take` returns what has it, or nothing when it is taken. */
  #take<T extends object>(
    wanted: NetworkAddress,
    take: (address: NetworkAddress) => T | undefined,
  ): Promise<T> {
    const { engine, incarnation } = this.#handle;
    if (!this.#handle.usable) return this.#handle.unusable();
    const [fromMs, toMs] = this.#network.config.bindMs;
    const ratio = engine.stream(`connect ${incarnation.ip}`).ratio();
    const delayMicros = toMicros(fromMs + ratio * (toMs - fromMs));
    const origin = engine.origins?.here();
    return new Promise((resolve, reject) => {
      const settle = (): void => {
        const taken = this.#ownAddress(wanted, take);
        if (taken instanceof NetworkError) {
          reject(taken);
          return;
        }
        engine.origins?.keep(taken, origin);
        resolve(taken);
      };
      const { network } = EventKind;
      engine.schedule(delayMicros, incarnation, network, bound, settle);
    });
  }

  #ownAddress<T>(
    wanted: NetworkAddress,
    take: (address: NetworkAddress) => T | undefined,
  ): T | NetworkError {
    const { ip } = this.#handle.incarnation;
    const { key: address, port: given } = wanted;
    if (wanted.ip !== ip && !anyIps.has(wanted.ip)) {
      const message = `${address} cannot be listened on: this machine is ${ip}`;
      return new NetworkError("address_not_available", message, { address });
    }
    const port = given === 0 ? this.#network.hosts.ephemeralPort(ip) : given;
    if (port === undefined) return noPortLeft(ip);
    const taken = take(wanted.withPort(port));
    if (taken !== undefined) return taken;
    const message = `port ${port} of ${ip} is taken by another listener: close that, or bind port 0 for a free one`;
    return new NetworkError("address_in_use", message, { address });
  }

  #listen(
    address: NetworkAddress,
    listeners: Map<number, SimListener>,
  ): SimListener {
    const { port } = address;
    const release = (): boolean => listeners.delete(port);
    const listener = new SimListener(this.#handle, address, release);
    listeners.set(port, listener);
    return listener;
  }

  /** Where that is: loopback, wildcard addresses and `localhost` mean this machine, as everywhere. */
  #resolve(target: RemoteAddress): NetworkAddress | undefined {
    const { host, port } = target;
    const flags = target.isTls ? addressFlagTls : 0;
    const own = this.#handle.incarnation.ip;
    if (host === "localhost") return new NetworkAddress(own, port, flags);
    if (isIp(host)) {
      const address = new NetworkAddress(host, port, flags);
      const local = anyIps.has(address.ip) || loopbackIps.has(address.ip);
      return local ? new NetworkAddress(own, port, flags) : address;
    }
    const { engine, names } = this.#network;
    const ip = names.resolve(host, () => engine.stream(`names ${own}`));
    return ip === undefined ? undefined : new NetworkAddress(ip, port, flags);
  }
}

function unknownName({ host, port }: RemoteAddress): NetworkError {
  const address = `${host}:${port}`;
  const message = `nobody knows the name "${host}": network.name() makes it known`;
  return new NetworkError("unreachable", message, { address });
}

function noPortLeft(ip: string): NetworkError<"address_in_use"> {
  const message = `every port of ${ip} from 40000 on is taken: close listeners that nobody needs`;
  return new NetworkError("address_in_use", message, { address: ip });
}

const bound = named<() => void>(
  { kind: "connection", operation: "bind_complete" },
  (settle) => settle(),
);
