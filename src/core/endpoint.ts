/** The address of one receiver in one process. Plain data: it may travel in a message. */
import type { RemoteAddress } from "./remote-address.ts";
import { UID } from "./uid.ts";

/** How many slots of the well-known table exist. */
export const WELL_KNOWN_RESERVED_COUNT = 64;

/** The slots that Wavetank itself uses. A service may ask for one from `firstAvailable` on. */
export const WellKnownToken: {
  readonly endpointNotFound: 0;
  readonly ping: 1;
  readonly unauthorizedEndpoint: 2;
  readonly firstAvailable: 3;
} = Object.freeze({
  endpointNotFound: 0,
  ping: 1,
  unauthorizedEndpoint: 2,
  firstAvailable: 3,
});
export type WellKnownToken =
  (typeof WellKnownToken)[keyof typeof WellKnownToken];

/** Where a message goes: a process and, inside it, a receiver. */
export class Endpoint {
  readonly address: RemoteAddress;
  readonly token: UID;

  constructor(address: RemoteAddress, token: UID) {
    this.address = address;
    this.token = token;
  }

  static wellKnown(address: RemoteAddress, slot: number): Endpoint {
    return new Endpoint(address, UID.wellKnown(slot));
  }

  /** A sibling at the same process: what `UID.adjusted` is to tokens. */
  adjusted(id: number): Endpoint {
    return new Endpoint(this.address, this.token.adjusted(id));
  }

  equals(other: Endpoint): boolean {
    return (
      this.address.url === other.address.url && this.token.equals(other.token)
    );
  }

  toString(): string {
    return `${this.address.key}/${this.token.toString()}`;
  }
}

/** The endpoint of a method of the service that is served at `base`. */
export function methodEndpoint(base: Endpoint, methodId: number): Endpoint {
  return base.adjusted(methodId);
}
