/** What a pipe is made of, and whom it tells what happens in it. */
import type { NetworkAddress } from "../../core/index.ts";
import type { FaultLog } from "../fault-log.ts";
import type { SimHandle } from "../handle.ts";
import type { Link } from "./link.ts";
import type { NetworkConfiguration } from "./network-config.ts";
import type { Traffic } from "./traffic.ts";

/** What a pipe tells the connection that it belongs to. */
export interface PipeObserver {
  /** Something is held at a blocked link. Each is followed by one `passed` at most. */
  held(): void;
  /** What was held got through. */
  passed(): void;
  /** Something was sent that will never arrive anywhere. */
  lost(): void;
  /** Bytes arrived that are not what was written. */
  corrupted(): void;
  /** Bytes arrived that nobody will read any more. */
  unwanted(): void;
  /** A rule breaks the connection. */
  refused(): void;
  /** The end of the stream arrived. */
  ended(): void;
  /** The sender broke the connection, or died. */
  broken(): void;
}

export interface PipeParts {
  readonly sender: SimHandle;
  readonly receiver: SimHandle;
  /** From sender to receiver, and the way back for the news that there is room. */
  readonly forth: Link;
  readonly back: Link;
  readonly config: Readonly<NetworkConfiguration>;
  readonly faults: FaultLog;
  readonly traffic: Traffic;
  /** The addresses of sender and receiver. */
  readonly from: NetworkAddress;
  readonly to: NetworkAddress;
}
