/** Reports made by hand, so that every word of their text is known. */
import type {
  FailedSeed,
  Failure,
  SimulationReport,
} from "../../src/runner/index.ts";

/** A run of many seeds in which nothing failed. */
export const clean: SimulationReport = {
  name: "bank",
  base: 7,
  total: 1_200,
  ended: "finished",
  fingerprints: new Map(
    Array.from({ length: 1_200 }, (_, seed) => [seed, "0"]),
  ),
  failed: [],
  problems: [],
  simulatedMs: 7_560_000,
  events: 1_234_567,
  wallMs: 4_800,
  faults: new Map([
    ["crash", 1_204],
    ["partition", 12],
  ]),
  observations: [
    { kind: "always", message: "money is conserved", passes: 12_345, fails: 0 },
    {
      kind: "always_or_unreachable",
      message: "no account is overdrawn",
      passes: 8,
      fails: 0,
    },
    {
      kind: "sometimes",
      message: "a transfer is in doubt",
      passes: 88,
      fails: 1_000,
    },
    { kind: "sometimes", message: "a disk is full", passes: 0, fails: 3 },
    { kind: "reachable", message: "recovery ran", passes: 5, fails: 0 },
  ],
  escapes: [],
  invariants: [],
  runAgain: 0,
  ghostCalls: 0,
  slowSeeds: [],
  metrics: new Map(),
  leftBehind: [],
  success: true,
};

/** A failure with details of several types. */
export const failure: Failure = {
  kind: "assertion",
  message: "money is conserved",
  atMs: 12_407.25,
  event: 512,
  details: { opened: 4_000n, held: 3_990n, accounts: ["a", "b"] },
  stack: undefined,
  count: 1,
};

/** Where an error came from: deeper than a report shows, and with a frame of Node's own. */
export const stack: string = [
  "TypeError: boom",
  "    at deep (file:///srv/bank.js:1:2)",
  "    at node:internal/process:3:4",
  "    at b (file:///srv/bank.js:5:6)",
  "    at c (file:///srv/bank.js:7:8)",
  "    at d (file:///srv/bank.js:9:10)",
  "    at e (file:///srv/bank.js:11:12)",
].join("\n");

/** A seed with two failures and a story. */
export const failedSeed: FailedSeed = {
  seed: 8124330917,
  recipe: [],
  failures: [
    failure,
    {
      ...failure,
      kind: "crash",
      message: "bank-1: TypeError: boom",
      atMs: 13_000,
      event: 600,
      details: undefined,
      stack,
    },
  ],
  fingerprint: "0123456789abcdef",
  chaos: {
    mood: undefined,
    weather: { tieBreak: "fifo" },
    attrition: undefined,
    partitions: undefined,
    clogs: undefined,
    connections: undefined,
    stalls: undefined,
    attacks: undefined,
    knobs: { "batch size": 3 },
    operations: { transfers: { transfer: 2, read: 0 } },
  },
  struck: [
    {
      seq: 3,
      atMs: 12_391,
      source: "world",
      event: { kind: "crash", targets: ["10.0.1.2"] },
    },
    {
      seq: 9,
      atMs: 12_402.5,
      source: "world",
      event: { kind: "partition", targets: ["10.0.1.1", "10.0.1.3"] },
    },
  ],
  recent: Array.from({ length: 10 }, (_, index) => ({
    atMs: 12_000 + index,
    source: "10.0.1.1",
    name: "rpc.call",
    fields: { method: "Transfer", cents: BigInt(index), failed: undefined },
  })),
};
