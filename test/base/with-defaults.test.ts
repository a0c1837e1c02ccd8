/** An option that is `undefined` is as good as not given, whoever takes it. */
import test from "ava";

import { type Given, withDefaults } from "../../src/base/with-defaults.ts";
import { defaultNodeConfig, resolveNodeConfig } from "../../src/node/index.ts";
import {
  defaultBackupConfig,
  defaultBalanceConfig,
  resolveBackupConfig,
  resolveBalanceConfig,
} from "../../src/rpc/index.ts";
import { defaultPhases, resolvePhases } from "../../src/runner/plan.ts";
import {
  defaultClockConfiguration,
  resolveClockConfiguration,
} from "../../src/sim/clock-config.ts";
import {
  defaultNetworkConfiguration,
  resolveNetworkConfiguration,
} from "../../src/sim/network/network-config.ts";
import {
  defaultStorageConfiguration,
  resolveStorageConfiguration,
} from "../../src/sim/storage/storage-config.ts";
import {
  defaultMonitorConfig,
  resolveMonitorConfig,
} from "../../src/transport/monitor-config.ts";
import {
  defaultPeerConfig,
  resolvePeerConfig,
} from "../../src/transport/peer-config.ts";
import {
  defaultTransportConfig,
  resolveTransportConfig,
} from "../../src/transport/transport-config.ts";

/** Who takes options, and what has to come of none at all. */
const takers: Readonly<
  Record<string, readonly [defaults: object, (given: never) => unknown]>
> = {
  "the real providers": [defaultNodeConfig, resolveNodeConfig],
  "a transport": [defaultTransportConfig, resolveTransportConfig],
  "a peer": [defaultPeerConfig, resolvePeerConfig],
  "a monitor": [defaultMonitorConfig, resolveMonitorConfig],
  balancing: [defaultBalanceConfig, resolveBalanceConfig],
  backups: [defaultBackupConfig, resolveBackupConfig],
  phases: [defaultPhases, resolvePhases],
  "a simulated clock": [defaultClockConfiguration, resolveClockConfiguration],
  "a simulated network": [
    defaultNetworkConfiguration,
    resolveNetworkConfiguration,
  ],
  "a simulated disk": [
    defaultStorageConfiguration,
    resolveStorageConfiguration,
  ],
};

for (const [taker, [defaults, resolve]] of Object.entries(takers)) {
  test(`options of ${taker} that are undefined have their defaults`, (t) => {
    const names = Object.keys(defaults);
    t.true(names.length > 0);
    const nothing = Object.fromEntries(names.map((name) => [name, undefined]));
    t.deepEqual(resolve(nothing as never), defaults);
  });
}

test("withDefaults takes what is given, falsy or not, and leaves the defaults alone", (t) => {
  const defaults: Readonly<{ a: number; b: string; c: boolean }> =
    Object.freeze({ a: 1, b: "b", c: true });
  const given: Given<typeof defaults> = { a: 0, b: undefined, c: false };
  t.deepEqual(withDefaults(defaults, given), { a: 0, b: "b", c: false });
  t.deepEqual(defaults, { a: 1, b: "b", c: true });
});
