/** Addresses of simulated machines. */
import { NetworkAddress } from "../core/index.ts";

/** The canonical spelling of a machine's address. Throws `NetworkAddressParseError` for what is none. */
export function canonicalIpOf(ip: string): string {
  return new NetworkAddress(ip, 0).ip;
}
