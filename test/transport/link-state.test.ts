import test from "ava";

import {
  failuresAfterLoss,
  reconnectDelayMs,
} from "../../src/transport/link-state.ts";
import {
  defaultPeerConfig,
  resolvePeerConfig,
  resolveTransportConfig,
} from "../../src/transport/index.ts";

test("reconnectDelayMs doubles from the first delay to the ceiling", (t) => {
  const delays = [1, 2, 3, 4, 5, 6, 7, 8, 100].map((failures) =>
    reconnectDelayMs(failures, defaultPeerConfig, 1),
  );
  t.deepEqual(delays, [100, 200, 400, 800, 1_600, 3_200, 5_000, 5_000, 5_000]);
});

test("reconnectDelayMs spreads by chance between half of the delay and all of it", (t) => {
  t.is(reconnectDelayMs(3, defaultPeerConfig, 0), 200);
  t.is(reconnectDelayMs(3, defaultPeerConfig, 0.5), 300);
});

test("failuresAfterLoss begins anew only after a connection that lived for a while", (t) => {
  t.is(
    failuresAfterLoss(7, defaultPeerConfig.stableAfterMs, defaultPeerConfig),
    1,
  );
  t.is(
    failuresAfterLoss(
      7,
      defaultPeerConfig.stableAfterMs - 1,
      defaultPeerConfig,
    ),
    8,
  );
  t.is(failuresAfterLoss(0, 0, defaultPeerConfig), 1);
});

test("a peer's configuration is filled in, frozen, and refused when it makes no sense", (t) => {
  const config = resolvePeerConfig({ reconnectDelayMs: 7 });
  t.is(config.reconnectDelayMs, 7);
  t.is(config.connectTimeoutMs, 5_000);
  t.true(Object.isFrozen(config));
  t.throws(() => resolvePeerConfig({ connectTimeoutMs: 0 }), {
    instanceOf: RangeError,
    message: /connectTimeoutMs/,
  });
  t.throws(() => resolvePeerConfig({ messageCountMax: Number.NaN }), {
    instanceOf: RangeError,
  });
  t.throws(() => resolvePeerConfig({ reconnectDelayMs: 6_000 }), {
    instanceOf: RangeError,
    message: /6000/,
  });
});

test("a transport's configuration takes in that of its peers", (t) => {
  const config = resolveTransportConfig({
    peer: { stableAfterMs: 9 },
    advertisedAddress: "10.0.0.1:80",
  });
  t.is(config.peer.stableAfterMs, 9);
  t.is(config.peer.reconnectDelayMs, 100);
  t.is(config.advertisedAddress?.key, "10.0.0.1:80");
  t.throws(() => resolveTransportConfig({ payloadSizeMax: 2_000_000_000 }), {
    instanceOf: RangeError,
  });
  t.throws(() => resolveTransportConfig({ requestTimeoutMs: -1 }), {
    instanceOf: RangeError,
  });
});
