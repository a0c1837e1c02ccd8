/** Sends what an iterable yields as the items of a stream. */
import type { StreamOutput } from "../transport/index.ts";
import { TooLargeError } from "./too-large.ts";

/**
 * Send all of it, each item when there is room for it. Resolves to `complete`, or to `stopped` when the stream was over
 * before. Rejects with what the iterable or `encode` throws, and with `TooLargeError`. However it ends, the iterable is closed: its `finally`
 * blocks run, and one that waits for something is told at once that it waits in vain.
 */
export async function pump(
  source: AsyncIterable<unknown>,
  output: StreamOutput,
  encode: (item: unknown) => Uint8Array,
): Promise<"complete" | "stopped"> {
  const iterator = source[Symbol.asyncIterator]();
  let closing: Promise<unknown> | undefined;
  const close = (): void => {
    if (closing !== undefined) return;
    closing = closed(iterator);
    // It is awaited at the end, which may be long after.
    closing.catch(() => undefined);
  };
  output.onOver(close);
  try {
    for (;;) {
      // It is asked for an item only when that can be sent.
      if (!output.hasRoom) await output.whenRoom();
      if (output.isOver) return "stopped";
      const { done, value } = await iterator.next();
      if (done === true) {
        closing ??= Promise.resolve();
        return output.isOver ? "stopped" : "complete";
      }
      send(output, encode(value));
    }
  } finally {
    close();
    await closing;
  }
}

/** Close an iterator. What that throws is for whoever awaits it. */
async function closed(iterator: AsyncIterator<unknown>): Promise<void> {
  await iterator.return?.();
}

function send(output: StreamOutput, bytes: Uint8Array): void {
  const { itemSizeMax } = output;
  if (bytes.length > itemSizeMax)
    throw new TooLargeError("an item", bytes.length, itemSizeMax);
  output.send(bytes);
}
