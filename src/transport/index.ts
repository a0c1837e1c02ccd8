/**
 * Messages between endpoints: one peer per remote, reconnects, replies, and exact knowledge of what may have been
 * delivered. Raw bytes, no codec. Imports `wire`, `core`, `base`.
 * Start with `net-transport.ts` and `call.ts`; a message then travels `peer.ts` → `link.ts` → `channel.ts` → `inbox.ts`
 * → `endpoint-map.ts` → `reply-promise.ts`, and its reply back to `call-table.ts`.
 */
export type { Answer } from "./answer.ts";
export {
  deserializePacket,
  HEADER_SIZE,
  isWireError,
  MAX_PAYLOAD_SIZE,
  type Packet,
  type PacketHeader,
  serializePacket,
  type Token,
  tryDeserializePacket,
  WireError,
  type WireErrorCode,
  type WireErrorDetails,
} from "../wire/index.ts";
export type {
  Call,
  Delivery,
  DeliveryOutcome,
  OutgoingRequest,
} from "./call.ts";
export type {
  ReplyFuture,
  RequestOptions,
  SendRequestOptions,
} from "./delivery.ts";
export {
  DuplicateFilter,
  type DuplicateFilterOptions,
} from "./duplicate-filter.ts";
export * from "./endpoint-map.ts";
export type { DeadlineQueue, Expiring } from "./deadline-queue.ts";
export { EXTRA_SIZE_MAX, type ReplyStatusName } from "./envelope.ts";
export type { FailedReason, FailureStatus, Watched } from "./address-record.ts";
export { FailureMonitor } from "./failure-monitor.ts";
export type { WaitForOptions } from "./failure-wait.ts";
export {
  isMessagingError,
  MessagingError,
  type MessagingErrorCode,
  type MessagingErrorDetails,
} from "./messaging-error.ts";
export type { PeerMetrics, PingCounters, TransportMetrics } from "./metrics.ts";
export {
  defaultMonitorConfig,
  resolveMonitorConfig,
  type MonitorConfig,
} from "./monitor-config.ts";
export * from "./net-notified-queue.ts";
export * from "./net-transport.ts";
export * from "./net-transport-builder.ts";
export type { Peer } from "./peer.ts";
export {
  defaultPeerConfig,
  resolvePeerConfig,
  type PeerConfig,
  type PeerOptions,
} from "./peer-config.ts";
export * from "./peer-error.ts";
export * from "./reply-error.ts";
export type { CancelListener, ReplyPromise } from "./reply-promise.ts";
export type { RequestEnvelope } from "./request-envelope.ts";
export * from "./request-stream.ts";
export {
  StreamCall,
  type StreamOptions,
  type StreamReply,
} from "./streams/stream-call.ts";
export type { StreamInput } from "./streams/stream-input.ts";
export type { StreamOutput } from "./streams/stream-output.ts";
export * from "./transport-config.ts";
