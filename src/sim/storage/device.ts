/** When a disk gets round to things. */
import type { RandomProvider } from "../../core/index.ts";
import type { MsRange } from "../network/latency.ts";
import { Episodes, Strikes } from "../network/strikes.ts";
import type { StorageConfiguration } from "./storage-config.ts";

const microsPerSecond = 1_000_000;

export interface DeviceParts {
  readonly config: Readonly<StorageConfiguration>;
  /** For latencies. */
  readonly random: RandomProvider;
  /** For episodes, so that switching them on changes no latency. */
  readonly episodeRandom: RandomProvider;
  readonly onEpisode: (fault: "disk stall" | "disk throttle") => void;
}

/**
 * The queue before a device, and the time that an operation takes.
 *
 * The device takes up one operation after another, each as long as its operations and bytes a second allow; none while
 * it stands still. Once taken up, operations overlap: their latencies are drawn, so what was asked for later may be done
 * sooner.
 */
export class Device {
  readonly #parts: DeviceParts;
  #freeAtMicros = 0;
  #stalls: Episodes | undefined;
  #throttles: Episodes | undefined;

  constructor(parts: DeviceParts) {
    this.#parts = parts;
  }

  /** When an operation that is asked for now will be done. */
  doneAt(nowMicros: number, bytes: number, latencyMs: MsRange): number {
    const { config, random } = this.#parts;
    let { iops, bytesPerSecond } = config;
    let startMicros = Math.max(this.#freeAtMicros, nowMicros);
    if (this.#stalls?.active(nowMicros) === true)
      startMicros = Math.max(startMicros, this.#stalls.endsAtMicros);
    if (this.#throttles?.active(nowMicros) === true) {
      iops /= config.throttleIopsDivisor;
      bytesPerSecond /= config.throttleBandwidthDivisor;
    }
    const service = (1 / iops + bytes / bytesPerSecond) * microsPerSecond;
    this.#freeAtMicros = startMicros + service;
    const fromMs = latencyMs[0];
    const latency = (fromMs + random.ratio() * (latencyMs[1] - fromMs)) * 1_000;
    return Math.ceil(this.#freeAtMicros + latency);
  }

  /** Nobody waits any more. */
  reset(): void {
    this.#freeAtMicros = 0;
  }

  /** From now on it has its episodes, or none. */
  storm(stormy: boolean, nowMicros: number): void {
    const { config } = this.#parts;
    const { diskStallEveryMs, diskThrottleEveryMs } = config;
    const episodes = (
      everyMs: number,
      forMs: MsRange,
      fault: "disk stall" | "disk throttle",
    ): Episodes | undefined => {
      if (!stormy || everyMs === 0) return undefined;
      const { episodeRandom: random, onEpisode } = this.#parts;
      const strikes = new Strikes(random, everyMs, nowMicros);
      const onBegin = (): void => onEpisode(fault);
      return new Episodes({ random, strikes, forMs, onBegin });
    };
    this.#stalls = episodes(diskStallEveryMs, config.diskStallMs, "disk stall");
    this.#throttles = episodes(
      diskThrottleEveryMs,
      config.diskThrottleMs,
      "disk throttle",
    );
  }
}
