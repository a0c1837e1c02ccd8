/** Messages as nobody well-meaning sends them. */
import { UID } from "../../../src/core/index.ts";
import { concatBytes } from "../../../src/base/bytes.ts";
import { frameOf } from "../../wire/frames.ts";
import { echoToken } from "../tank.ts";

/** A request that wants a reply at some token, with a body of that size, and bits that say which streams it has. */
export function request(slot: number, bodySize = 0, flags = 0): Uint8Array {
  const head = new Uint8Array(24 + bodySize);
  head[0] = 1;
  head[1] = flags;
  new DataView(head.buffer).setUint32(20, slot, true);
  return frameOf(head, echoToken);
}

/** Many requests, as one piece. */
export function requests(count: number, bodySize = 0): Uint8Array {
  return concatBytes(
    Array.from({ length: count }, (_, slot) => request(slot, bodySize)),
  );
}

/** A reply to whoever waits at that token. */
export function reply(token: UID): Uint8Array {
  return frameOf(Uint8Array.of(3, 0, 0, 0, 66), token);
}

/** A ping, and an answer to one that nobody sent. */
export function ping(kind: 4 | 5, nonce: number): Uint8Array {
  return frameOf(
    Uint8Array.of(kind, 0, 0, 0, nonce, 0, 0, 0),
    new UID(0, 0, 0, 0),
  );
}

/** The stream bits of a request. */
export const sends = 1;
export const takes = 2;

/** A frame of the stream of the request with that slot, on its way to the server. */
export function streamFrame(
  kind: "cancel" | "item" | "end" | "credit",
  slot: number,
  ...body: number[]
): Uint8Array {
  const kinds = { cancel: 6, item: 7, end: 8, credit: 9 };
  return frameOf(
    Uint8Array.of(kinds[kind], 0, 0, 0, ...body),
    new UID(0, 0, slot, 0),
  );
}
