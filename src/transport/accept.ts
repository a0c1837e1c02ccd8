/** Taking in the connections that others make. */
import {
  type Connection,
  deadline,
  isNetworkError,
  type Listener,
  TimeError,
} from "../core/index.ts";
import type { Channel } from "./channel.ts";
import { openChannel } from "./open-channel.ts";
import { isPeerError } from "./peer-error.ts";
import type { Shared } from "./shared.ts";

/** Accept connections until the listener is closed. */
export async function acceptAll(
  shared: Shared,
  listener: Listener,
  onChannel: (channel: Channel) => void,
): Promise<void> {
  for (;;) {
    const connection = await acceptNext(shared, listener);
    if (connection === "closed") return;
    if (connection === "failed") continue;
    if (isRefused(shared, connection)) {
      refuse(shared, connection);
      continue;
    }
    shared.counters.connectionsAccepted += 1;
    shared.providers.tasks.spawn(`greet ${connection.remote.key}`, () =>
      greet(shared, connection, onChannel),
    );
  }
}

/** A failure that does not end the listener, say for want of file descriptors, is tried again after a pause. */
async function acceptNext(
  shared: Shared,
  listener: Listener,
): Promise<Connection | "closed" | "failed"> {
  try {
    return await listener.accept();
  } catch (error) {
    if (isNetworkError(error, "closed")) return "closed";
    if (!isNetworkError(error)) throw error;
    await shared.providers.time.sleep(pauseMs);
    return "failed";
  }
}

/** Whether all places are taken, or all that one machine may have. */
function isRefused(shared: Shared, { remote }: Connection): boolean {
  const { channels, config, counters, visitors } = shared;
  if (channels.size >= config.connectionCountMax) return true;
  if (visitors.count(remote.ip) < config.connectionCountPerIpMax) return false;
  counters.connectionsRefusedPerIp += 1;
  return true;
}

/** Those who are connected go on; whoever is refused may come again. Nothing is said: every byte helps a flood. */
function refuse(shared: Shared, connection: Connection): void {
  const { counters, providers } = shared;
  counters.connectionsRefused += 1;
  connection.reset();
  if (providers.trace.enabled)
    providers.trace.emit("transport.refused", {
      remote: connection.remote.key,
    });
}

/** Exchange handshakes. From then on the channel lives by itself. */
async function greet(
  shared: Shared,
  connection: Connection,
  onChannel: (channel: Channel) => void,
): Promise<void> {
  using limit = deadline(
    shared.providers.time,
    shared.config.handshakeTimeoutMs,
  );
  try {
    const channel = await openChannel(
      shared,
      { connection, role: "accepted" },
      limit.signal,
    );
    onChannel(channel);
    const { trace } = shared.providers;
    if (trace.enabled)
      trace.emit("transport.accepted", {
        remote: connection.remote.key,
        epoch: channel.epoch,
      });
  } catch (error) {
    // Strangers come and go; a violation was traced where it was found.
    if (!isPeerError(error)) throw error;
    if (error.cause instanceof TimeError)
      shared.counters.handshakesTimedOut += 1;
  }
}

const pauseMs = 100;
