/** The parts of the balancer, without a world. */
import test from "ava";

import { BackupBudget } from "../../../src/rpc/balance/backup-budget.ts";
import { distance } from "../../../src/rpc/balance/locality.ts";
import { EndpointLoad } from "../../../src/rpc/balance/endpoint-load.ts";
import { SmoothedNumber } from "../../../src/rpc/balance/smoothed-number.ts";
import { Suspension } from "../../../src/rpc/balance/suspension.ts";
import {
  type BalanceOptions,
  createBalancedClient,
  defaultBackupConfig,
  defaultBalanceConfig,
  EndpointPool,
  resolveBackupConfig,
  resolveBalanceConfig,
} from "../../../src/rpc/index.ts";
import { SimWorld } from "../../../src/sim/index.ts";
import { NetTransport } from "../../../src/transport/index.ts";
import { NotesRpc } from "../notes.ts";

test("a smoothed number follows within a few time constants, and never passes its target", (t) => {
  const number = new SmoothedNumber(2_000);
  number.add(10, 1_000);
  t.is(number.at(1_000), 0);
  t.true(number.at(3_000) > 5.5 && number.at(3_000) < 7);
  t.true(number.at(11_000) > 9.7 && number.at(11_000) < 10);
  number.add(-10, 11_000);
  t.true(number.at(11_000) > 9.7);
  t.true(number.at(13_000) < 4.5);
  t.true(number.at(1e9) < 1e-9 && number.at(1e9) >= 0);
});

test("a server's latency is that of its answers", (t) => {
  const load = new EndpointLoad(defaultBalanceConfig);
  t.is(load.latencyMs(0), 1);
  const ask = (startedMs: number, endedMs: number): void =>
    load.end(load.start(startedMs), "answered", endedMs);
  ask(0, 40);
  t.is(load.latencyMs(40), 40);
  ask(40, 60);
  t.is(load.latencyMs(60), 35);
  load.end(load.start(60), "lost", 1_000);
  t.is(load.latencyMs(1_000), 35);
  t.is(load.outstanding, 0);
});

test("what was abandoned weighs on its server until a later answer, or for a while", (t) => {
  const load = new EndpointLoad(defaultBalanceConfig);
  load.end(load.start(0), "answered", 10);
  // Given up before its time: nothing is known.
  load.end(load.start(10), "abandoned", 15);
  t.true(load.score(15) < 0.1);
  load.end(load.start(100), "abandoned", 120);
  t.true(load.score(120) >= 1);
  t.is(load.latencyMs(120), 20);
  t.is(load.outstanding, 0);
  t.true(load.score(280) < 0.1);
  t.is(load.latencyMs(280), 10);
  // The second without an answer counts for twice as long.
  load.end(load.start(300), "abandoned", 320);
  t.true(load.score(639) >= 1);
  t.true(load.score(640) < 0.1);
  const [early, late] = [load.start(990), load.start(1_010)];
  load.end(load.start(1_000), "abandoned", 1_020);
  load.end(early, "answered", 1_030);
  t.true(load.score(1_030) >= 1);
  load.end(late, "answered", 1_040);
  t.true(load.score(1_040) < 0.1);
});

test("a suspension grows each time that it was kept in vain", (t) => {
  const suspension = new Suspension({ suspendMs: 1_000, suspendMsMax: 3_000 });
  const refusedAt = (nowMs: number): number => {
    suspension.refused(nowMs);
    return suspension.remainingMs(nowMs);
  };
  t.is(suspension.remainingMs(0), 0);
  t.deepEqual(
    [0, 10, 1_000, 3_000, 6_000].map(refusedAt),
    [1_000, 990, 2_000, 3_000, 3_000],
  );
  suspension.answered();
  t.is(suspension.remainingMs(6_001), 0);
  t.is(refusedAt(6_001), 1_000);
});

test("backups are earned by first answers, and make the next one wait longer", (t) => {
  const budget = new BackupBudget({ ...defaultBackupConfig, savedMax: 2 });
  t.deepEqual([budget.spend(), budget.spend()], [true, false]);
  for (let count = 0; count < 19; count += 1) budget.earn();
  t.false(budget.spend());
  for (let count = 0; count < 200; count += 1) budget.earn();
  t.is(budget.saved, 2);
  t.deepEqual(
    [budget.spend(), budget.spend(), budget.spend()],
    [true, true, false],
  );
  t.true(budget.factor > 1.01 && budget.factor < 1.03);
  t.is(budget.delayMs(5, 10), budget.factor * 10 + 0.5);
  t.is(budget.delayMs(30, 10), 0);
});

test("distance counts what both have in common, and only what both say", (t) => {
  const here = { dataCentre: "dc1", zone: "dc1-z1", machine: "dc1-z1-m1" };
  const cases: [ReturnType<typeof distance>, Parameters<typeof distance>[1]][] =
    [
      [0, here],
      [1, { ...here, machine: "dc1-z1-m2" }],
      [1, { zone: "dc1-z1" }],
      [2, { dataCentre: "dc1", zone: "dc1-z2" }],
      [3, { dataCentre: "dc2" }],
      [3, {}],
      [3, undefined],
    ];
  for (const [wanted, there] of cases) t.is(distance(here, there), wanted);
  t.is(distance(undefined, here), 3);
  t.is(distance({}, {}), 3);
});

const refused: readonly [BalanceOptions, RegExp][] = [
  [{ smoothing: 1 } as never, /no option "smoothing"/],
  [{ smoothingMs: 0 }, /smoothingMs must be a number above 0, not 0/],
  [{ latencyMsInitial: Number.NaN }, /latencyMsInitial/],
  [{ latencyWeight: 1.5 }, /latencyWeight must be above 0, and 1 at most/],
  [{ patienceShare: 0 }, /patienceShare/],
  [{ refusedRoundsMax: 0.5 }, /refusedRoundsMax must be a whole number/],
  [{ nearUnfitMax: -1 }, /nearUnfitMax must be a whole number, 0 or more/],
  [{ suspendMs: 9_000 }, /suspendMs \(9000\) is above suspendMsMax \(8000\)/],
  [{ roundDelayMs: 6_000 }, /roundDelayMs/],
  [{ patienceMsMin: 2_000 }, /patienceMsMin/],
  [{ backup: { share: 2 } }, /share must be above 0, and 1 at most, not 2/],
  [{ backup: { savedMax: 0 } }, /savedMax/],
  [{ backup: { extraDelayMs: -1 } }, /extraDelayMs/],
  [{ backup: { growth: 1 } as never }, /no option "growth"/],
];

test("options that make no sense are refused, naming value and remedy", (t) => {
  for (const [options, message] of refused)
    t.throws(() => resolveBalanceConfig(options), { message });
  t.deepEqual(resolveBalanceConfig({}), defaultBalanceConfig);
  t.deepEqual(resolveBackupConfig(), defaultBackupConfig);
  t.is(resolveBalanceConfig({ backup: false }).backup, false);
  t.true(Object.isFrozen(resolveBalanceConfig({ suspendMs: 10 })));
});

test("a balanced client refuses what does not belong together", (t) => {
  const world = new SimWorld({ seed: 1 });
  const transport = NetTransport.client(world.providers("10.0.1.1"));
  const other = NetTransport.client(world.providers("10.0.1.2"));
  const pool = new EndpointPool(transport, ["10.0.1.3:4500"]);
  const make =
    (...[from, options]: [NetTransport, object]) =>
    (): unknown =>
      createBalancedClient(NotesRpc, from, pool, options);
  t.notThrows(make(transport, {}));
  t.throws(make(other, {}), { message: /another transport/ });
  t.throws(make(transport, { balance: {} }), {
    message: /has its own options/,
  });
  t.throws(make(transport, { timeoutMs: -1 }), { instanceOf: RangeError });
  t.throws(make(transport, { timeout: 1 }), { message: /no option "timeout"/ });
  t.throws(() => new EndpointPool(transport, ["nowhere"]), {
    message: /has no port/,
  });
  const notes = createBalancedClient(NotesRpc, transport, pool);
  t.throws(() => notes.write({}, { timeoutMs: 0 }), { instanceOf: RangeError });
  t.throws(() => notes.read.getReplyUnlessFailedFor({}, { failedForMs: 0 }), {
    instanceOf: RangeError,
  });
});
