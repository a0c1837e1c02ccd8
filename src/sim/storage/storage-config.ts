/** How long the simulated disk takes. */
import { checkOptionNames, SimulationError } from "../error.ts";
import type { MsRange } from "../network/latency.ts";

export interface StorageConfiguration {
  /** One read. Default 0.05–0.2. */
  readMs: MsRange;
  /** One write, into the disk's volatile cache. Default 0.1–0.5. */
  writeMs: MsRange;
  /** One sync. Default 1–5. */
  syncMs: MsRange;
}

export const defaultStorageConfiguration: Readonly<StorageConfiguration> =
  Object.freeze({
    readMs: [0.05, 0.2] as const,
    writeMs: [0.1, 0.5] as const,
    syncMs: [1, 5] as const,
  });

/** Fill in defaults and refuse nonsense. */
export function resolveStorageConfiguration(
  given: Partial<StorageConfiguration> = {},
): Readonly<StorageConfiguration> {
  checkOptionNames("storage", given, Object.keys(defaultStorageConfiguration));
  const config = { ...defaultStorageConfiguration, ...given };
  for (const option of ["readMs", "writeMs", "syncMs"] as const) {
    const [from, to] = config[option];
    if (from >= 0 && from <= to && Number.isFinite(to)) continue;
    throw new SimulationError(
      "bad_option",
      `storage option ${option} cannot be ${JSON.stringify(config[option])}`,
      {
        option,
        value: config[option],
      },
    );
  }
  return Object.freeze(config);
}
