/** Breaking a TCP connection. */
import type { Socket } from "node:net";

/**
 * Destroy a socket so that the other side sees a reset. While the end of the
 * stream is being sent, libuv refuses to reset, and Node then forgets to close
 * the socket at all: wait until the end is out, which takes one turn.
 */
export function resetSocket(socket: Socket): void {
  if (socket.destroyed) return;
  const ending = socket.writableEnded && socket.writableLength === 0;
  if (!ending || socket.writableFinished) socket.resetAndDestroy();
  else socket.once("finish", () => socket.resetAndDestroy());
}
