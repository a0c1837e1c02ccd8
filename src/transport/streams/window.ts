/** How far the sender of a stream may be ahead of its reader. */

/** What a sender may send before it has heard of its reader, in bytes. Both sides know it: part of the protocol. */
export const FIRST_WINDOW_BYTES = 65_536;

/** What an item counts besides its body, so that empty ones do not come for nothing. */
const itemOverhead = 32;

/** What an item takes from the window, in bytes. */
export function costOf(body: Uint8Array): number {
  return body.length + itemOverhead;
}

/** No reader may allow more than this at once. A larger credit is a mistake of its sender. */
export const CREDIT_MAX = 0x4000_0000;
