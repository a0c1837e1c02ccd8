/** Telling a reset from an end where libuv mixes them up. */
import type { Socket } from "node:net";

/**
 * Let the end of a socket's stream be believed only when it is read twice.
 *
 * When bytes and a reset arrive together, libuv reads the bytes, sees that the
 * connection is gone, and reports an end without having asked the kernel
 * (`uv__stream_io` in `unix/stream.c`): a truncated stream would look complete.
 * So the first end makes the socket read once more. After a reset that read
 * fails, and the socket emits its error; after a real end it says so again.
 *
 * The handle is no documented part of `net.Socket`. Where it is missing, the
 * first end counts, as without this.
 */
export function distrustEnd(socket: Socket): void {
  let believed = false;
  const push = socket.push;
  socket.push = (chunk: unknown, encoding?: BufferEncoding): boolean => {
    if (chunk === null && !believed) {
      believed = true;
      if (readAgain(socket)) return false;
    }
    return push.call(socket, chunk, encoding);
  };
}

/** False when the socket cannot be made to read once more. */
function readAgain(socket: Socket): boolean {
  const { _handle: handle } = socket as unknown as {
    _handle?: ReadHandle | null;
  };
  return typeof handle?.readStart === "function" && handle.readStart() === 0;
}

/** What is used here of the object between a socket and libuv. */
interface ReadHandle {
  /** Wait for bytes; 0 if that is possible. */
  readStart?(): number;
}
