/** How wrong the clocks of simulated machines are, and how late their timers. */
import { withDefaults } from "../base/with-defaults.ts";
import { checkOptionNames, SimulationError } from "./error.ts";

export interface ClockConfiguration {
  /** A wall clock gains or loses up to so many millionths, each machine's at a rate of its own. Default 0. */
  ratePpmMax: number;
  /** A wall clock is set, this far apart on average. Default 0: never. */
  stepEveryMs: number;
  /** How far it jumps at most, either way. Default 5 000. */
  stepMaxMs: number;
  /** How late a timer may be at most; nearly all of them are as good as exact. Default 0. */
  sleepDelayMaxMs: number;
  /** The share of timers that are late at all. Default 0.25. */
  sleepDelayProbability: number;
}

export const defaultClockConfiguration: Readonly<ClockConfiguration> =
  Object.freeze({
    ratePpmMax: 0,
    stepEveryMs: 0,
    stepMaxMs: 5_000,
    sleepDelayMaxMs: 0,
    sleepDelayProbability: 0.25,
  });

/** Fill in defaults and refuse nonsense. */
export function resolveClockConfiguration(
  given: Partial<ClockConfiguration> = {},
): Readonly<ClockConfiguration> {
  const names = Object.keys(defaultClockConfiguration);
  checkOptionNames("the clock", given, names);
  const config = withDefaults(defaultClockConfiguration, given);
  for (const [option, value] of Object.entries(config)) {
    const most = option === "sleepDelayProbability" ? 1 : Number.MAX_VALUE;
    if (value >= 0 && value <= most) continue;
    const message = `clock option ${option} cannot be ${JSON.stringify(value)}`;
    throw new SimulationError("bad_option", message, { option, value });
  }
  return Object.freeze(config);
}
