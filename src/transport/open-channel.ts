/** From a connection to a channel: the exchange of handshakes. */
import {
  type Connection,
  deadline,
  isNetworkError,
  type RemoteAddress,
  onAbort,
  TimeError,
} from "../core/index.ts";
import { Channel } from "./channel.ts";
import { PeerError } from "./peer-error.ts";
import type { Shared } from "./shared.ts";

/** How to get a connection to one remote. Rejects with `NetworkError`, or with the signal's reason. */
export type Dial = (signal: AbortSignal) => Promise<Connection>;

/** Exchange handshakes over a connection. Rejects with `PeerError`. */
export async function openChannel(
  shared: Shared,
  made: { readonly connection: Connection; readonly role: Channel["role"] },
  signal: AbortSignal,
): Promise<Channel> {
  const { connection, role } = made;
  const channel = new Channel(shared, connection, role);
  if (role === "accepted") shared.visitors.add(channel);
  const address = connection.remote.key;
  const unsubscribe = onAbort(signal, (cause) =>
    channel.break(
      new PeerError(
        "connect_failed",
        `${address} did not introduce itself`,
        { address },
        { cause },
      ),
    ),
  );
  try {
    await channel.opened;
    return channel;
  } finally {
    unsubscribe();
  }
}

/**
 * Connect, and exchange handshakes, within the time that the configuration allows. Rejects with `PeerError`, which is
 * what the signal's reason has to be.
 */
export async function dialChannel(
  shared: Shared,
  address: RemoteAddress,
  attempt: { readonly dial: Dial; readonly signal: AbortSignal },
): Promise<Channel> {
  const { connectTimeoutMs } = shared.config.peer;
  using limit = deadline(
    shared.providers.time,
    connectTimeoutMs,
    attempt.signal,
  );
  try {
    const connection = await attempt.dial(limit.signal);
    return await openChannel(
      shared,
      { connection, role: "dialed" },
      limit.signal,
    );
  } catch (error) {
    throw whyNot(error, address.key, connectTimeoutMs);
  }
}

function whyNot(error: unknown, address: string, timeoutMs: number): unknown {
  const timedOut =
    error instanceof TimeError ||
    (error instanceof PeerError && error.cause instanceof TimeError);
  if (timedOut) {
    const message = `no connection to ${address} within ${timeoutMs} ms`;
    return new PeerError(
      "connect_timed_out",
      message,
      { address, timeoutMs },
      { cause: error },
    );
  }
  if (!isNetworkError(error)) return error;
  return new PeerError(
    "connect_failed",
    error.rawMessage,
    { address },
    { cause: error },
  );
}
