/** How fast each link of a network is: the rule, what is particular to some, and what chance adds for good. */
import type { Engine } from "../engine.ts";
import type { FaultLog } from "../fault-log.ts";
import { canonicalIpOf } from "../ip.ts";
import { toMicros } from "../time.ts";
import {
  isRange,
  sampleDuration,
  type Latency,
  type MsRange,
} from "./latency.ts";
import type { LinkEnds } from "./link.ts";
import {
  checkOverride,
  type LinkOverride,
  type NetworkConfiguration,
} from "./network-config.ts";

/** How fast a link is. Links of one pace share it. */
export interface LinkPace {
  readonly latency: Latency;
  /** The least that a trip takes, where latencies are uniform; otherwise what is added to what is sampled. */
  readonly latencyMicros: number;
  /** How many microseconds there are to draw from; 0 where the shape must be sampled. */
  readonly spanMicros: number;
  /** 0 for as many as there are. */
  readonly microsPerByte: number;
}

const microsPerSecond = 1_000_000;

export class Paces {
  readonly #engine: Engine;
  readonly #faults: FaultLog;
  readonly #overrides: LinkOverride[] = [];
  readonly #extraMs = new Map<string, number>();
  /** The pace of links that differ from others in nothing, and of which configuration. */
  #ordinary: LinkPace | undefined;
  #ordinaryOf: Readonly<NetworkConfiguration> | undefined;

  constructor(
    engine: Engine,
    faults: FaultLog,
    overrides: readonly LinkOverride[],
  ) {
    this.#engine = engine;
    this.#faults = faults;
    for (const override of overrides) this.add(override);
  }

  /** From now on this counts more than what was said before. */
  add(override: LinkOverride): void {
    checkOverride(override);
    const { from, to } = override;
    this.#overrides.push({
      ...override,
      ...(from === undefined ? {} : { from: canonicalIpOf(from) }),
      ...(to === undefined ? {} : { to: canonicalIpOf(to) }),
    });
  }

  of(ends: LinkEnds, config: Readonly<NetworkConfiguration>): LinkPace {
    const { latencyMs, bytesPerSecond } = config;
    const speed: Speed = { latencyMs, bytesPerSecond, extraLatencyMs: 0 };
    let particular = false;
    for (const override of this.#overrides) {
      const { from = ends.from, to = ends.to, ...changes } = override;
      if (from === ends.from && to === ends.to) {
        Object.assign(speed, changes);
        particular = true;
      }
    }
    const extraMs = this.#chanceMs(ends, config);
    speed.extraLatencyMs += extraMs;
    return particular || extraMs > 0
      ? paceOf(speed)
      : this.#ordinaryPace(speed, config);
  }

  #ordinaryPace(
    speed: Speed,
    config: Readonly<NetworkConfiguration>,
  ): LinkPace {
    if (this.#ordinary === undefined || this.#ordinaryOf !== config)
      this.#ordinary = paceOf(speed);
    this.#ordinaryOf = config;
    return this.#ordinary;
  }

  /** What is drawn once for a pair of machines, and once for each direction between them. */
  #chanceMs(
    { from, to }: LinkEnds,
    config: Readonly<NetworkConfiguration>,
  ): number {
    if (from === to) return 0;
    const pair = from < to ? `${from}|${to}` : `${to}|${from}`;
    return (
      this.#drawOnce("pair latency", pair, config.pairLatencyMs) +
      this.#drawOnce(
        "asymmetric latency",
        `${from}>${to}`,
        config.asymmetricLatencyMs,
      )
    );
  }

  #drawOnce(fault: string, whom: string, range: MsRange): number {
    if (range[1] === 0) return 0;
    const name = `${fault} ${whom}`;
    let extraMs = this.#extraMs.get(name);
    if (extraMs === undefined) {
      extraMs = sampleDuration(this.#engine.stream(name), range);
      this.#extraMs.set(name, extraMs);
      this.#faults.count(fault, ...whom.split(/[|>]/));
    }
    return extraMs;
  }
}

interface Speed {
  latencyMs: Latency;
  bytesPerSecond: number;
  /** Added to each trip. */
  extraLatencyMs: number;
}

function paceOf({
  latencyMs,
  bytesPerSecond,
  extraLatencyMs,
}: Readonly<Speed>): LinkPace {
  const extraMicros = toMicros(extraLatencyMs);
  const range = isRange(latencyMs) ? latencyMs : undefined;
  const fromMicros = range === undefined ? 0 : toMicros(range[0]);
  return {
    latency: latencyMs,
    latencyMicros: extraMicros + fromMicros,
    spanMicros: range === undefined ? 0 : toMicros(range[1]) - fromMicros + 1,
    microsPerByte: bytesPerSecond > 0 ? microsPerSecond / bytesPerSecond : 0,
  };
}
