/** Which addresses others can call. */
import type { NetworkAddress } from "../core/index.ts";

/** A wildcard is no address that anybody could call. */
export function reachable(
  address: NetworkAddress | undefined,
): NetworkAddress | undefined {
  return address?.ip === "0.0.0.0" || address?.ip === "::"
    ? undefined
    : address;
}

/** What is wrong with a transport that listens there, or nowhere, for whoever wants an address of it. */
export function notReachable(listensAt: NetworkAddress | undefined): TypeError {
  return new TypeError(
    listensAt === undefined
      ? "a transport that listens nowhere has no endpoints: use NetTransport.listen()"
      : `nobody can call ${listensAt.url}: say with the option advertisedAddress what others should call`,
  );
}
