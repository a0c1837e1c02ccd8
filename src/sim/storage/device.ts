/** When a disk gets round to things. */
import type { RandomProvider } from "../../core/index.ts";
import type { MsRange } from "../network/latency.ts";
import type { StorageConfiguration } from "./storage-config.ts";

const microsPerSecond = 1_000_000;

/**
 * The queue before a device, and the time that an operation takes.
 *
 * The device takes up one operation after another, each as long as its operations and bytes a second allow. Once taken
 * up, operations overlap: their latencies are drawn, so what was asked for later may be done sooner.
 */
export class Device {
  readonly #config: Readonly<StorageConfiguration>;
  readonly #random: RandomProvider;
  #freeAtMicros = 0;

  constructor(config: Readonly<StorageConfiguration>, random: RandomProvider) {
    this.#config = config;
    this.#random = random;
  }

  /** When an operation that is asked for now will be done. */
  doneAt(nowMicros: number, bytes: number, latencyMs: MsRange): number {
    const { iops, bytesPerSecond } = this.#config;
    const service = (1 / iops + bytes / bytesPerSecond) * microsPerSecond;
    this.#freeAtMicros = Math.max(this.#freeAtMicros, nowMicros) + service;
    const [fromMs, toMs] = latencyMs;
    const latency = (fromMs + this.#random.ratio() * (toMs - fromMs)) * 1_000;
    return Math.ceil(this.#freeAtMicros + latency);
  }

  /** Nobody waits any more. */
  reset(): void {
    this.#freeAtMicros = 0;
  }
}
