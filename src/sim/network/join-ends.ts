/** The making of a connection: two ends, and a pipe each way between them. */
import type { NetworkAddress } from "../../core/index.ts";
import type { SimHandle } from "../handle.ts";
import { SimConnection } from "./connection.ts";
import { Pipe } from "./pipe.ts";
import type { SimNetwork } from "./sim-network.ts";

/** Who dialled, and who listened, with the addresses of both. */
export interface Meeting {
  readonly near: SimHandle;
  readonly far: SimHandle;
  readonly local: NetworkAddress;
  readonly remote: NetworkAddress;
}

/**
 * Make both ends and tell the network of them.
 *
 * Every object is written out field by field. V8 gives an object that others are spread into a hidden class of its own,
 * so that whoever reads many of them misses its caches each time: that made an event among 500 processes cost twice as
 * much (bench row `sim.scale`).
 */
export function joinEnds(
  network: SimNetwork,
  { near, far, local, remote }: Meeting,
): { readonly client: SimConnection; readonly server: SimConnection } {
  const { config, faults, traffic } = network;
  const forth = network.link(local.ip, remote.ip);
  const back = network.link(remote.ip, local.ip);
  const toServer = new Pipe({
    sender: near,
    receiver: far,
    forth,
    back,
    config,
    faults,
    traffic,
    from: local,
    to: remote,
  });
  const toClient = new Pipe({
    sender: far,
    receiver: near,
    forth: back,
    back: forth,
    config,
    faults,
    traffic,
    from: remote,
    to: local,
  });
  const client = new SimConnection({
    handle: near,
    local,
    remote,
    incoming: toClient,
    outgoing: toServer,
    resetAfterMs: config.resetAfterMs,
  });
  const server = new SimConnection({
    handle: far,
    local: remote,
    remote: local,
    incoming: toServer,
    outgoing: toClient,
    resetAfterMs: config.resetAfterMs,
  });
  network.join({ client, server, toServer, toClient });
  return { client, server };
}
