/** How fast each link of a network is: the rule, what is particular to some, and what chance adds for good. */
import type { Engine } from "../engine.ts";
import type { FaultLog } from "../fault-log.ts";
import { canonicalIpOf } from "../ip.ts";
import { sampleDuration, type MsRange } from "./latency.ts";
import type { LinkEnds, LinkPace } from "./link.ts";
import {
  checkOverride,
  type LinkOverride,
  type NetworkConfiguration,
} from "./network-config.ts";

export class Paces {
  readonly #engine: Engine;
  readonly #faults: FaultLog;
  readonly #overrides: LinkOverride[] = [];
  readonly #extraMs = new Map<string, number>();

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
    const pace = { latencyMs, bytesPerSecond, extraLatencyMs: 0 };
    for (const override of this.#overrides) {
      const { from = ends.from, to = ends.to, ...particular } = override;
      if (from === ends.from && to === ends.to) Object.assign(pace, particular);
    }
    pace.extraLatencyMs += this.#chanceMs(ends, config);
    return pace;
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
