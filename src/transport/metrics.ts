/** What is counted. Plain numbers, copied on request. */

/** What one peer has done so far, and what it holds now. */
export interface PeerMetrics {
  connectAttempts: number;
  connectFailures: number;
  connectionsOpened: number;
  connectionsLost: number;
  /** Connections that the remote made, and that served us as well. */
  connectionsAdopted: number;
  /** Failures since the last connection that lived for a while. */
  consecutiveFailures: number;
  messagesSent: number;
  /** Of those, how many had been sent before. */
  messagesResent: number;
  /** One-way messages lost with a connection, or for want of one. */
  messagesDropped: number;
  /** Messages that wait, to be sent or answered. */
  messageCount: number;
  /** The bytes of their bodies. */
  messageBytes: number;
  connected: boolean;
  /** Of the present connection; of the last one, when there is none. */
  pings: Readonly<PingCounters>;
}

/** What the pings of one connection showed. Times in milliseconds. */
export interface PingCounters {
  pingsSent: number;
  pongsReceived: number;
  /** Answers that did not come in time. */
  pingTimeouts: number;
  /** Of those, how many were forgiven because other bytes came. */
  timeoutsTolerated: number;
  /** The latest; 0 before the first. */
  roundTripMs: number;
  /** `Infinity` before the first. */
  roundTripMinMs: number;
  roundTripMaxMs: number;
}

export function newPingCounters(): PingCounters {
  return {
    pingsSent: 0,
    pongsReceived: 0,
    pingTimeouts: 0,
    timeoutsTolerated: 0,
    roundTripMs: 0,
    roundTripMinMs: Infinity,
    roundTripMaxMs: 0,
  };
}

/** What connections hold. */
export type Holdings = Pick<
  TransportMetrics,
  "connectionCount" | "owedCount" | "replyBytes"
>;

/** One connection, as far as it is counted. */
export interface Holder {
  readonly monitor: { readonly owedCount: number };
  readonly repliesBytes: number;
}

/** What these connections hold together. */
export function holdings(channels: ReadonlySet<Holder>): Holdings {
  const sums = { owedCount: 0, replyBytes: 0 };
  for (const { monitor, repliesBytes } of channels) {
    sums.owedCount += monitor.owedCount;
    sums.replyBytes += repliesBytes;
  }
  return { connectionCount: channels.size, ...sums };
}

/** What a transport has done so far, and what it holds now. */
export interface TransportMetrics {
  framesReceived: number;
  framesSent: number;
  bytesReceived: number;
  bytesSent: number;
  /** Messages handed to a receiver. */
  dispatched: number;
  /** Messages for a token at which nobody listens. */
  undelivered: number;
  /** Replies that nobody waited for: late, repeated or forged. */
  repliesUnexpected: number;
  /** Replies whose connection was gone. */
  repliesDropped: number;
  /** Connections ended for breaking the protocol. */
  violations: number;
  connectionsAccepted: number;
  /** Connections that were broken as soon as they were made: there were too many already. */
  connectionsRefused: number;
  /** Of those, how many because their machine had `connectionCountPerIpMax`. */
  connectionsRefusedPerIp: number;
  /** Connections whose maker did not introduce himself in time. */
  handshakesTimedOut: number;
  /** Requests answered with `overloaded`: `requestCountMax` of their connection waited already. */
  requestsRefused: number;
  /** Requests that their callers gave up. */
  requestsCancelled: number;
  /** Requests answered with `overloaded`: `streamCountMax` streams of their connection were open already. */
  streamsRefused: number;
  /** Frames of streams whose request was over. */
  itemsUnexpected: number;
  /** Connections broken because a frame was begun and not finished within `frameTimeoutMs`. */
  framesTimedOut: number;
  /** Connections broken because unfinished frames held `unfinishedBytesMax`, theirs for the longest time. */
  framesCrowdedOut: number;
  /** Connections broken for too many pings, or too many frames that nobody could make anything of. */
  floods: number;
  /** Connections broken because the other side left more than `replyBytesMax` unread. */
  repliesUnread: number;
  pingsSent: number;
  /** Connections closed because the other side answered no ping. */
  pingsUnanswered: number;
  /** Connections closed because nobody had needed them for long. */
  connectionsIdled: number;
  /** Connections that are open now, either way. */
  connectionCount: number;
  /** Requests of others that wait for our reply. */
  owedCount: number;
  /** What the replies that wait to be written hold, in bytes. */
  replyBytes: number;
  /** Bytes of frames whose end has not arrived. */
  unfinishedBytes: number;
  /** Calls that wait for their reply. */
  callCount: number;
  /** Deadlines that are being watched. */
  deadlineCount: number;
  peerCount: number;
}

/** The part that only grows. */
export type TransportCounters = Omit<
  TransportMetrics,
  | keyof Holdings
  | "unfinishedBytes"
  | "callCount"
  | "deadlineCount"
  | "peerCount"
>;

export function newTransportCounters(): TransportCounters {
  return {
    framesReceived: 0,
    framesSent: 0,
    bytesReceived: 0,
    bytesSent: 0,
    dispatched: 0,
    undelivered: 0,
    repliesUnexpected: 0,
    repliesDropped: 0,
    violations: 0,
    connectionsAccepted: 0,
    connectionsRefused: 0,
    connectionsRefusedPerIp: 0,
    handshakesTimedOut: 0,
    requestsRefused: 0,
    requestsCancelled: 0,
    streamsRefused: 0,
    itemsUnexpected: 0,
    framesTimedOut: 0,
    framesCrowdedOut: 0,
    floods: 0,
    repliesUnread: 0,
    pingsSent: 0,
    pingsUnanswered: 0,
    connectionsIdled: 0,
  };
}

/** What a link counts as it goes. */
export type LinkCounters = Pick<
  PeerMetrics,
  | "connectAttempts"
  | "connectFailures"
  | "connectionsOpened"
  | "connectionsLost"
  | "connectionsAdopted"
>;

export function newLinkCounters(): LinkCounters {
  return {
    connectAttempts: 0,
    connectFailures: 0,
    connectionsOpened: 0,
    connectionsLost: 0,
    connectionsAdopted: 0,
  };
}
