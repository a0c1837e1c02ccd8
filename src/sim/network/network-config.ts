/** How the simulated network behaves when nothing is broken, and how often it says no. */
import { checkOptionNames, SimulationError } from "../error.ts";

/** From–to in milliseconds, both included, drawn uniformly to the microsecond. */
export type MsRange = readonly [fromMs: number, toMs: number];

export interface NetworkConfiguration {
  /** One way, per segment; later bytes never overtake earlier ones. Default 0.1–0.6, a data centre. */
  latencyMs: MsRange;
  /** Between the call of `bind` and the listener. Default 0.05–0.15. */
  bindMs: MsRange;
  /** Extra time of a handshake beside its two trips. Default 1–11. */
  connectMs: MsRange;
  /** A connect that meets a partition gives up after this. Default 20 000, as operating systems do roughly. */
  connectTimeoutMs: number;
  /** A connection with bytes held by a partition breaks after this. Default 5 000–15 000. */
  resetAfterMs: MsRange;
  /** The chance that a connect is refused although somebody listens. Default 0. */
  refuseProbability: number;
  /** Unread bytes that a connection takes before it makes its writer wait. Default 65 536. */
  windowBytes: number;
}

export const defaultNetworkConfiguration: Readonly<NetworkConfiguration> = Object.freeze({
  latencyMs: [0.1, 0.6] as const,
  bindMs: [0.05, 0.15] as const,
  connectMs: [1, 11] as const,
  connectTimeoutMs: 20_000,
  resetAfterMs: [5_000, 15_000] as const,
  refuseProbability: 0,
  windowBytes: 65_536,
});

/** Fill in defaults and refuse nonsense. */
export function resolveNetworkConfiguration(given: Partial<NetworkConfiguration> = {}): Readonly<NetworkConfiguration> {
  checkOptionNames("the network", given, Object.keys(defaultNetworkConfiguration));
  const config = { ...defaultNetworkConfiguration, ...given };
  for (const option of ["latencyMs", "bindMs", "connectMs", "resetAfterMs"] as const) {
    const [from, to] = config[option];
    if (!(from >= 0 && from <= to && Number.isFinite(to))) throw bad(option, config[option]);
  }
  if (!(config.connectTimeoutMs > 0)) throw bad("connectTimeoutMs", config.connectTimeoutMs);
  if (!(config.refuseProbability >= 0 && config.refuseProbability <= 1)) {
    throw bad("refuseProbability", config.refuseProbability);
  }
  if (!(Number.isSafeInteger(config.windowBytes) && config.windowBytes > 0)) {
    throw bad("windowBytes", config.windowBytes);
  }
  return Object.freeze(config);
}

function bad(option: string, value: unknown): SimulationError<"bad_option"> {
  return new SimulationError("bad_option", `network option ${option} cannot be ${JSON.stringify(value)}`, {
    option,
    value,
  });
}
