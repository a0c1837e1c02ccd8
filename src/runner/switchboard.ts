/**
 * Where the members of a plan are reached when they all live on this machine.
 *
 * In a simulated world every member has an address of its own, and all of a kind listen at the same port. A real machine
 * has 127.0.0.1, and some systems, macOS among them, nothing else. So everybody keeps the address that it has in the
 * simulation, and this table says at which free port of 127.0.0.1 it really is.
 */
import { NetworkAddress, NetworkError } from "../core/index.ts";
import { addressBook } from "./names.ts";
import type { Member } from "./topology.ts";

/** The one address that every machine has. */
export const loopbackIp = "127.0.0.1";

/** Streams and datagrams have ports of their own. */
export type PortKind = "tcp" | "udp";

/** A place taken in somebody's name, before and after it is known where it really is. */
export interface Claim {
  /** Bound: from now on it can be reached. Returns the address that everybody knows. */
  settle(real: NetworkAddress): NetworkAddress;
  /** Closed, or never bound. */
  release(): void;
}

/** Knows every member by address and by name, and where each of their ports really is. */
export class Switchboard {
  readonly #ips: ReadonlySet<string>;
  readonly #names: ReadonlyMap<string, readonly string[]>;
  /** What everybody knows → where it really is; `undefined` while it is being bound. */
  readonly #real = new Map<string, NetworkAddress | undefined>();
  /** Where it really is → what everybody knows. */
  readonly #known = new Map<string, NetworkAddress>();

  constructor(members: readonly Member[]) {
    this.#ips = new Set(members.map(({ ip }) => ip));
    this.#names = addressBook(members);
  }

  /** Whether a member lives at that address. */
  isMember(ip: string): boolean {
    return this.#ips.has(ip);
  }

  /** The addresses behind a name in lower case: one member's, or those of all of its kind. Empty for a name that is not theirs. */
  ipsOf(name: string): readonly string[] {
    return this.#names.get(name) ?? [];
  }

  /** Take a port in somebody's name; 0 takes whatever is free. Throws `NetworkError` `address_in_use`. */
  claim(kind: PortKind, wanted: NetworkAddress): Claim {
    const key = `${kind} ${wanted.key}`;
    if (wanted.port !== 0 && this.#real.has(key)) {
      const address = wanted.key;
      const message = `somebody listens at ${address} already`;
      throw new NetworkError("address_in_use", message, { address });
    }
    if (wanted.port !== 0) this.#real.set(key, undefined);
    let known = wanted;
    let released = false;
    return {
      settle: (real) => {
        if (wanted.port === 0) known = wanted.withPort(real.port);
        this.#real.set(`${kind} ${known.key}`, real);
        this.#known.set(`${kind} ${real.key}`, known);
        return known;
      },
      release: () => {
        // Whoever closes twice must not take the port from the next one.
        if (released) return;
        released = true;
        // Who it was stays known: its last datagrams may still be under way.
        this.#real.delete(`${kind} ${known.key}`);
      },
    };
  }

  /** A member dialled from there: who accepts shall know it by the address that it has in the simulation. */
  introduce(real: NetworkAddress, ip: string): NetworkAddress {
    const known = new NetworkAddress(ip, real.port);
    this.#known.set(`tcp ${real.key}`, known);
    return known;
  }

  /** Where it really is; `undefined` when nobody is there. */
  realOf(kind: PortKind, known: NetworkAddress): NetworkAddress | undefined {
    return this.#real.get(`${kind} ${known.key}`);
  }

  /** The address by which everybody knows it; the real one where it is not a member's. */
  knownOf(kind: PortKind, real: NetworkAddress): NetworkAddress {
    return this.#known.get(`${kind} ${real.key}`) ?? real;
  }
}
