/** The machines of a network: their ports, and who has each. */
import type { NetworkAddress } from "../../core/index.ts";
import type { SimDatagramSocket } from "./datagram.ts";
import type { SimListener } from "./listener.ts";

const firstEphemeralPort = 40_000;
const lastPort = 65_535;

/** The network as it stands on one machine. It outlives the machine's processes. */
export interface NetworkHost {
  readonly listeners: Map<number, SimListener>;
  readonly datagramSockets: Map<number, SimDatagramSocket>;
  nextPort: number;
  /** Whether the machine is without power, so that it answers nothing, not even with a refusal. */
  dark: boolean;
}

export class Hosts {
  readonly #hosts = new Map<string, NetworkHost>();

  /** The machine at that address, which exists from the first time somebody names it. */
  at(ip: string): NetworkHost {
    let host = this.#hosts.get(ip);
    if (host === undefined) {
      host = {
        listeners: new Map(),
        datagramSockets: new Map(),
        nextPort: firstEphemeralPort,
        dark: false,
      };
      this.#hosts.set(ip, host);
    }
    return host;
  }

  /** Who listens there, on that address or on all of the machine's. */
  listenerAt(address: NetworkAddress): SimListener | undefined {
    return this.at(address.ip).listeners.get(address.port);
  }

  /** A port that nobody has, if any is left. Round robin, so that a port is not soon used again. */
  ephemeralPort(ip: string): number | undefined {
    const host = this.at(ip);
    for (let tried = firstEphemeralPort; tried <= lastPort; tried += 1) {
      const port = host.nextPort;
      host.nextPort = port === lastPort ? firstEphemeralPort : port + 1;
      if (!host.listeners.has(port) && !host.datagramSockets.has(port))
        return port;
    }
    return undefined;
  }
}
