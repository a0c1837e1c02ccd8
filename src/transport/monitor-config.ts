/** How closely a connection is watched while somebody depends on it. */
import { refuseUnknownOptions } from "../base/known-options.ts";
import { type Given, withDefaults } from "../base/with-defaults.ts";

export interface MonitorConfig {
  /** Silence that is taken for granted; after it a ping is sent. Default 1 000. */
  pingIntervalMs: number;
  /** How long the answer to a ping may take. Default 2 000. */
  pingTimeoutMs: number;
  /**
   * Answers that may be late in a row while other bytes come in: a remote that is busy is not gone. Default 3. One that
   * sends nothing at all is given up at the first.
   */
  toleratedTimeoutsMax: number;
}

export const defaultMonitorConfig: Readonly<MonitorConfig> = Object.freeze({
  pingIntervalMs: 1_000,
  pingTimeoutMs: 2_000,
  toleratedTimeoutsMax: 3,
});

/** Fill in defaults, refuse nonsense, freeze. `false` is no watching at all. */
export function resolveMonitorConfig(
  given: Given<MonitorConfig> | false = {},
): Readonly<MonitorConfig> | false {
  if (given === false) return false;
  refuseUnknownOptions("a monitor", given, Object.keys(defaultMonitorConfig));
  const config = withDefaults(defaultMonitorConfig, given);
  for (const name of ["pingIntervalMs", "pingTimeoutMs"] as const) {
    if (Number.isFinite(config[name]) && config[name] > 0) continue;
    throw new RangeError(
      `${name} must be a number above 0, not ${config[name]}`,
    );
  }
  const { toleratedTimeoutsMax } = config;
  if (!(
    Number.isSafeInteger(toleratedTimeoutsMax) && toleratedTimeoutsMax >= 0
  ))
    throw new RangeError(
      `toleratedTimeoutsMax must be a whole number, 0 or more, not ${toleratedTimeoutsMax}`,
    );
  return Object.freeze(config);
}
