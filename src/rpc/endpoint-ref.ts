/** Interfaces as data: where a service is served travels in a message, and becomes a client on the other side. */
import { create } from "@bufbuild/protobuf";

import type { EndpointRef } from "../../gen/wavetank/rpc/v1/endpoint_ref_pb.ts";
import { EndpointRefSchema } from "../../gen/wavetank/rpc/v1/endpoint_ref_pb.ts";
import {
  Endpoint,
  type RemoteAddress,
  toRemoteAddress,
  UID,
} from "../core/index.ts";
import { RpcError } from "./rpc-error.ts";
import type { ServiceSpec } from "./spec.ts";

export type { EndpointRef } from "../../gen/wavetank/rpc/v1/endpoint_ref_pb.ts";
export { EndpointRefSchema } from "../../gen/wavetank/rpc/v1/endpoint_ref_pb.ts";

/** What a reference needs to know of a service. */
type Identity = Pick<ServiceSpec, "name" | "uid">;

/**
 * The message to send: `endpointRef(WatcherServiceRpc, handle.endpoint)`. Served with `token: transport.newToken()`, the
 * endpoint is that of one instance: whoever holds the reference calls it and no other, and once its process has ended
 * nothing answers there any more. Served without, it is whatever goes by the service's name at that address.
 */
export function endpointRef(spec: Identity, endpoint: Endpoint): EndpointRef {
  return create(EndpointRefSchema, {
    address: endpoint.address.url,
    token: endpoint.token.toBytes(),
    serviceUid: spec.uid.toBytes(),
    serviceName: spec.name,
  });
}

/**
 * Where the reference leads, for `createClient`. Throws `RpcError` `invalid_argument` when there is none, when it is for
 * another service, or when it cannot be read: thrown on by a handler, that is the answer to whoever sent it.
 */
export function endpointOf(
  spec: Identity,
  ref: EndpointRef | undefined,
): Endpoint {
  if (ref === undefined) throw unusable(spec, "there is none");
  const uid = uidOf(spec, ref.serviceUid, "service_uid");
  if (!uid.equals(spec.uid))
    throw unusable(spec, `it is one to "${ref.serviceName}" (${uid})`);
  const token = uidOf(spec, ref.token, "token");
  return new Endpoint(addressOf(spec, ref.address), token);
}

function uidOf(spec: Identity, bytes: Uint8Array, field: string): UID {
  const uid = UID.fromBytes(bytes);
  if (uid?.isValid === true) return uid;
  const found = bytes.length === 16 ? "all zero" : `${bytes.length} bytes`;
  throw unusable(spec, `its ${field} is ${found}, not 16 bytes that say where`);
}

function addressOf(spec: Identity, text: string): RemoteAddress {
  try {
    return toRemoteAddress(text);
  } catch (cause) {
    throw unusable(spec, `its address "${text}" is none`, cause);
  }
}

function unusable({ name }: Identity, why: string, cause?: unknown): RpcError {
  const options = cause === undefined ? {} : { cause };
  return new RpcError(
    "invalid_argument",
    `no reference to ${name} can be used: ${why}`,
    { delivery: "not_sent", ...options },
  );
}
