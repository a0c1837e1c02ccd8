/** The network of one member of a plan that runs on real providers: its own address, on a machine that has but one. */
import {
  isIp,
  NetworkAddress,
  NetworkError,
  type RemoteAddress,
  toAddress,
  toRemoteAddress,
  type Connection,
  type DatagramSocket,
  type Listener,
  type NetworkProvider,
  type RandomProvider,
  type WaitOptions,
} from "../core/index.ts";
import { LoopbackConnection, type KnownEnds } from "./loopback-connection.ts";
import { LoopbackDatagramSocket } from "./loopback-datagram.ts";
import { LoopbackListener } from "./loopback-listener.ts";
import type { Mortality } from "./mortality.ts";
import { loopbackIp, type PortKind, type Switchboard } from "./switchboard.ts";

export interface LoopbackParts {
  /** The member's address in the simulation. */
  readonly ip: string;
  /** The real one. */
  readonly network: NetworkProvider;
  readonly random: RandomProvider;
  readonly switchboard: Switchboard;
  readonly mortality: Mortality;
}

/**
 * Translates addresses and names of members; everything else goes to the real network as it is. What a member leaves
 * open is closed when its run is over: in the simulation it would be gone with its machine.
 */
export class LoopbackNetwork implements NetworkProvider {
  readonly #parts: LoopbackParts;
  constructor(parts: LoopbackParts) {
    this.#parts = parts;
  }

  async bind(address: string | NetworkAddress): Promise<Listener> {
    const { network, switchboard, mortality } = this.#parts;
    return this.#take("tcp", address, async (real, claim) => {
      const listener = await network.bind(real);
      const closed = mortality.atEnd(() => void listener.close());
      return new LoopbackListener({
        ...{ listener, mortality },
        address: claim.settle(listener.address),
        onClose: () => {
          claim.release();
          closed();
        },
        knownAs: (dialler) => switchboard.knownOf("tcp", dialler),
        wrap: (connection, ends) => this.#wrap(connection, ends),
      });
    });
  }

  async bindDatagram(
    address: string | NetworkAddress,
  ): Promise<DatagramSocket> {
    const { network, switchboard, mortality } = this.#parts;
    return this.#take("udp", address, async (real, claim) => {
      const socket = await network.bindDatagram(real);
      const closed = mortality.atEnd(() => void socket.close());
      return new LoopbackDatagramSocket({
        ...{ socket, switchboard, mortality },
        address: claim.settle(socket.address),
        onClose: () => {
          claim.release();
          closed();
        },
      });
    });
  }

  async connect(
    address: string | RemoteAddress,
    options: WaitOptions = {},
  ): Promise<Connection> {
    const { network, switchboard, ip, mortality } = this.#parts;
    const { host, port } = toRemoteAddress(address);
    const memberIp = this.#memberIp(host);
    if (memberIp === undefined) return network.connect(address, options);
    options.signal?.throwIfAborted();
    const known = new NetworkAddress(memberIp, port);
    const real = switchboard.realOf("tcp", known);
    if (real === undefined) throw refused(known.key);
    const connecting = network.connect(real, options);
    const connection = await mortality.outlive(connecting);
    const local = switchboard.introduce(connection.local, ip);
    return this.#wrap(connection, { local: () => local, remote: () => known });
  }

  #wrap(connection: Connection, ends: KnownEnds): Connection {
    const { mortality } = this.#parts;
    const onClose = mortality.atEnd(() => connection.reset());
    return new LoopbackConnection({ connection, ...ends, onClose, mortality });
  }

  /** Whom a host names, if it is a member; one of many by chance, as in the simulation. */
  #memberIp(host: string): string | undefined {
    const { switchboard, random } = this.#parts;
    if (isIp(host)) return switchboard.isMember(host) ? host : undefined;
    const ips = switchboard.ipsOf(host);
    return ips.length > 1 ? random.pick(ips) : ips[0];
  }

  async #take<T>(
    kind: PortKind,
    address: string | NetworkAddress,
    bind: (
      real: NetworkAddress,
      claim: ReturnType<Switchboard["claim"]>,
    ) => Promise<T>,
  ): Promise<T> {
    const { switchboard } = this.#parts;
    const wanted = this.#own(toAddress(address));
    const claim = switchboard.claim(kind, wanted);
    try {
      return await bind(new NetworkAddress(loopbackIp, 0), claim);
    } catch (error) {
      claim.release();
      throw error;
    }
  }

  /** A member listens at its own address; "all addresses" means just that one. */
  #own(wanted: NetworkAddress): NetworkAddress {
    const { ip } = this.#parts;
    if (wanted.ip === ip) return wanted;
    if (wanted.ip === "0.0.0.0" || wanted.ip === "::")
      return new NetworkAddress(ip, wanted.port, wanted.flags);
    const address = wanted.key;
    const message = `${address} is not an address of this machine, which is ${ip}`;
    throw new NetworkError("address_not_available", message, { address });
  }
}

function refused(address: string): NetworkError<"refused"> {
  return new NetworkError(
    "refused",
    `nobody accepts connections at ${address}`,
    { address },
  );
}
