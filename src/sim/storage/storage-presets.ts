/** Disks worth having. */
import type { RandomProvider } from "../../core/index.ts";
import type { MsRange } from "../network/latency.ts";
import {
  resolveStorageConfiguration,
  type StorageConfiguration,
} from "./storage-config.ts";

/** A disk that takes next to no time, and has no faults but that of losing what was not synced. */
export function fastLocalStorage(): Readonly<StorageConfiguration> {
  const quick: MsRange = [0.001, 0.001];
  return resolveStorageConfiguration({
    ...{ iops: 1_000_000, bytesPerSecond: 1_000_000_000 },
    ...{ readMs: quick, writeMs: quick, syncMs: quick },
  });
}

/** Share of disks that keep everything through a crash, so that nothing depends on losses. */
const keepsEverything = 0.1;

/** A disk for one seed: its speed, and all that may be wrong with it. */
export function randomStorageForSeed(
  random: RandomProvider,
): Readonly<StorageConfiguration> {
  return resolveStorageConfiguration({
    ...drawSpeed(random),
    unsynced: random.bool(keepsEverything) ? "kept" : "mixed",
    tornProbability: random.ratio(),
    ...drawDamage(random),
    ...drawFailures(random),
    ...drawEpisodes(random),
  });
}

/** In a quarter of disks a fault that is rare elsewhere is common. */
function rareOrCommon(
  random: RandomProvider,
  rareMax: number,
  common: readonly [from: number, to: number],
): number {
  const often = random.bool(0.25);
  const share = random.ratio();
  const [from, to] = common;
  return often ? from + share * (to - from) : share * rareMax;
}

function drawSpeed(random: RandomProvider): Partial<StorageConfiguration> {
  const slow = random.bool(0.25);
  const range = (from: MsRange, to: MsRange): MsRange => [
    between(random, from),
    between(random, to),
  ];
  return {
    iops: slow ? random.range(100, 5_000) : random.range(10_000, 100_000),
    bytesPerSecond:
      1_000_000 * (slow ? random.range(1, 20) : random.range(50, 500)),
    readMs: range([0.02, 0.1], [0.1, 0.5]),
    writeMs: range([0.05, 0.2], [0.2, 1]),
    syncMs: range([0.5, 2], [2, 10]),
  };
}

function drawDamage(random: RandomProvider): Partial<StorageConfiguration> {
  return {
    crashFaultProbability: rareOrCommon(random, 0.0005, [0.05, 0.2]),
    readFaultProbability: random.ratio() * 0.001,
    writeFaultProbability: random.ratio() * 0.001,
    misdirectReadProbability: random.ratio() * 0.0001,
    misdirectWriteProbability: random.ratio() * 0.0001,
    phantomWriteProbability: random.ratio() * 0.0002,
  };
}

function drawFailures(random: RandomProvider): Partial<StorageConfiguration> {
  return {
    syncFailureProbability: rareOrCommon(random, 0.0005, [0.05, 0.2]),
    ioErrorProbability: rareOrCommon(random, 0.001, [0.01, 0.05]),
    diskFullProbability: rareOrCommon(random, 0.001, [0.01, 0.05]),
    shortOperationProbability: rareOrCommon(random, 0.1, [0.5, 1]),
  };
}

function drawEpisodes(random: RandomProvider): Partial<StorageConfiguration> {
  return {
    diskStallEveryMs: random.range(1_000, 20_000),
    diskStallMs: [50, random.range(100, 500)],
    diskThrottleEveryMs: random.range(2_000, 20_000),
    diskThrottleMs: [500, random.range(1_000, 5_000)],
    throttleIopsDivisor: random.range(2, 20),
    throttleBandwidthDivisor: random.range(2, 20),
  };
}

function between(random: RandomProvider, [from, to]: MsRange): number {
  return from + random.ratio() * (to - from);
}
