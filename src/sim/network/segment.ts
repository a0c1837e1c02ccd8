/** What travels through a pipe. */
import type { EventName } from "../event.ts";
import type { Chunk } from "./inbox.ts";

/** The news that the sender broke the connection, or died. Nothing travels behind it. */
export const broken: unique symbol = Symbol("broken");

/** Bytes, the end of the stream, or that news. */
export type Segment = Chunk | typeof broken;

/** What its arrival is called, for those who listen to events. */
export function arrivalName(segment: Segment): EventName {
  if (segment instanceof Uint8Array)
    return {
      kind: "network",
      operation: "data_delivery",
      bytes: segment.length,
    };
  const operation = segment === broken ? "reset_delivery" : "end_delivery";
  return { kind: "network", operation };
}
