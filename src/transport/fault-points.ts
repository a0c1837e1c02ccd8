/**
 * Places where the transport itself offers to misbehave, in simulations only: what the network may do to it anyway, but
 * too rarely to be relied upon. The chances are those of moonpool 0.6 (`peer.rs`).
 */
import { buggifyWithProb } from "../assertions/index.ts";

/** A byte in the middle of what is written is another one. */
export const corruptsBytes = (): boolean =>
  buggifyWithProb("transport: a byte is corrupted", 0.02);

/** A write fails although the connection is well. */
export const failsWrite = (): boolean =>
  buggifyWithProb("transport: a write fails", 0.02);

/** Messages that could leave now leave with the next write. */
export const stopsEarly = (): boolean =>
  buggifyWithProb("transport: some messages leave later", 0.01);

/** A ping is not sent, so its answer is late. */
export const skipsPing = (): boolean =>
  buggifyWithProb("transport: a ping is skipped", 0.05);

/** A connection is lost as soon as it stands. */
export const dropsConnection = (): boolean =>
  buggifyWithProb("transport: a new connection is dropped", 0.05);

/** A one-way message is kept when its connection is lost, and sent by the next. */
export const keepsOneWay = (): boolean =>
  buggifyWithProb(
    "transport: a one-way message outlives its connection",
    0.001,
  );

/** A request that may run twice is sent twice. */
export const duplicates = (): boolean =>
  buggifyWithProb("transport: a request is sent twice", 0.02);

/** Queues hold next to nothing. */
export const hasSmallQueues = (): boolean =>
  buggifyWithProb("transport: queues are small", 0.1);
