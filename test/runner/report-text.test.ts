/** The report, word by word: what broke comes first, then the line to paste, then the story. */
import test from "ava";

import {
  duration,
  formatReport,
  grouped,
  plainPaint,
  replayLine,
  summaryLine,
  type FailedSeed,
  type Failure,
  type Paint,
  type SimulationReport,
} from "../../src/runner/index.ts";
import { clean, failedSeed, failure, stack } from "./report-samples.ts";

const failing: SimulationReport = {
  ...clean,
  failed: [failedSeed],
  success: false,
};
const plain = (report: SimulationReport, file?: string): string =>
  formatReport(report, { paint: plainPaint, file });

const cleanSummary =
  "✓ bank  1,200 seeds from 7 · 2.1 h simulated in 4.8 s · 1,234,567 events · 250.0 seeds/s · " +
  "1,216 faults (crash 1,204 · partition 12)";
const observationLines = [
  "✓ money is conserved  12,345×",
  "✓ no account is overdrawn  8×",
  "✓ sometimes: a transfer is in doubt  88×",
  "– sometimes: a disk is full  0×",
  "✓ sometimes: recovery ran  5×",
];

test("a report of a clean run is one line of summary, and what was seen", (t) => {
  t.deepEqual(plain(clean).split("\n"), [
    cleanSummary,
    "",
    ...observationLines,
  ]);
});

test("a report of a failed run leads with the failure, then the line to paste, then the story", (t) => {
  t.deepEqual(plain(failing, "dist/bank.sim.js").split("\n"), [
    cleanSummary.replace("✓", "✗"),
    "",
    "✗ bank: money is conserved  (assertion, at 12.407 s simulated, event 512)",
    "  replay: npx wavetank replay dist/bank.sim.js --seed 8124330917",
    '  details: {"opened":"4000n","held":"3990n","accounts":["a","b"]}',
    "  then: bank-1: TypeError: boom  (crash, at 13.000 s simulated, event 600)",
    "  before it: 12.391 crash 10.0.1.2 · 12.402 partition 10.0.1.1 10.0.1.3",
    ...[2, 3, 4, 5, 6, 7, 8, 9].map(
      (n) =>
        `  12.00${n} 10.0.1.1 rpc.call {"method":"Transfer","cents":"${n}n"}`,
    ),
    '  drawn: {"weather":{"tieBreak":"fifo"},"knobs":{"batch size":3},"operations":{"transfers":{"transfer":2,"read":0}}}',
    "",
    ...observationLines,
  ]);
});

test("a report says what each invariant observed, and which of them was violated", (t) => {
  const looked = { checks: 40_000, observed: 1_200, violations: 0 };
  const text = plain({
    ...clean,
    invariants: [
      { name: "one leader", ...looked },
      { name: "no gaps", ...looked, violations: 3 },
      { name: "blind", ...looked, observed: 0 },
    ],
  });
  t.deepEqual(text.split("\n").slice(-3), [
    "✓ invariant: one leader  1,200 observed in 40,000 checks",
    "✗ invariant: no gaps  violated in 3 seeds, 1,200 observed in 40,000 checks",
    "– invariant: blind  0 observed in 40,000 checks",
  ]);
});

test("what broke or struck over and over is told once, with how often", (t) => {
  const [first, then] = failedSeed.failures;
  const [fault] = failedSeed.struck;
  if (!first || !then || !fault) return t.fail("the sample has changed");
  const lines = plain({
    ...failing,
    failed: [
      {
        ...failedSeed,
        failures: [
          { ...first, count: 1_200 },
          { ...then, count: 3 },
        ],
        struck: [fault, fault],
      },
    ],
  }).split("\n");
  t.deepEqual(
    lines.filter((line) =>
      /^✗.*\(assertion|^ {2}(?:then|before it):/.test(line),
    ),
    [
      "✗ bank: money is conserved  (assertion, at 12.407 s simulated, event 512, and 1,199 more)",
      "  then: bank-1: TypeError: boom  (crash, at 13.000 s simulated, event 600, and 2 more)",
      "  before it: 12.391 crash 10.0.1.2 2×",
    ],
  );
});

test("an error shows where it came from, without what is Node's own", (t) => {
  const thrown: Failure = {
    ...failure,
    kind: "crash",
    message: "bank: TypeError: boom",
    details: undefined,
    stack,
  };
  const lines = plain({
    ...failing,
    failed: [{ ...failedSeed, failures: [thrown], struck: [], recent: [] }],
  }).split("\n");
  t.deepEqual(lines.slice(2, -6), [
    "✗ bank: bank: TypeError: boom  (crash, at 12.407 s simulated, event 512)",
    "  replay: run({ seeds: [8124330917] })",
    "  at deep (file:///srv/bank.js:1:2)",
    "  at b (file:///srv/bank.js:5:6)",
    "  at c (file:///srv/bank.js:7:8)",
    "  at d (file:///srv/bank.js:9:10)",
    '  drawn: {"weather":{"tieBreak":"fifo"},"knobs":{"batch size":3},"operations":{"transfers":{"transfer":2,"read":0}}}',
  ]);
});

test("of an error's stack the frames of the program are shown, not those of Wavetank and AVA", (t) => {
  const src = new URL("../../src/", import.meta.url);
  const failed = (...frames: string[]): string[] => {
    const thrown = { ...failure, stack: ["Error: boom", ...frames].join("\n") };
    const seed = { ...failedSeed, failures: [thrown], recent: [] };
    return plain({ ...clean, failed: [seed] })
      .split("\n")
      .filter((line) => line.startsWith("  at "));
  };
  const inner = [
    `    at act (${src.href}runner/stage.js:1:2)`,
    `    at act (${src.pathname.replace("/dist/src/", "/src/")}runner/stage.ts:1:2)`,
    "    at t (file:///srv/node_modules/ava/lib/test.js:1:2)",
  ];
  const mine = "    at mine (file:///srv/src/runner/mine.js:1:2)";
  t.deepEqual(failed(...inner, mine), [mine.slice(2)]);
  t.is(failed(...inner).length, 3, "where there are no others, all are shown");
});

test("the first failed seed is told in full, the others by what broke, with their replay lines", (t) => {
  const failing = (seed: number, message: string): FailedSeed => ({
    ...failedSeed,
    seed,
    failures: [{ ...failure, message }],
  });
  const failed = [
    failing(1, "the total is 990"),
    failing(2, "no leader"),
    failing(3, "the total is 995"),
    ...Array.from({ length: 12 }, (_, index) =>
      failing(10 + index, `the total is ${index}`),
    ),
  ];
  const lines = plain({ ...clean, failed }).split("\n");
  const more = lines.slice(lines.findIndex((line) => line.includes("drawn:")));
  t.deepEqual(more.slice(1, -observationLines.length - 1), [
    "",
    "✗ bank: no leader  (assertion, in 1 more seed)",
    "  replay: run({ seeds: [2] })",
    "",
    "✗ bank: the total is 995  (assertion, in 13 more seeds)",
    ...[3, 10, 11, 12, 13, 14, 15, 16, 17, 18].map(
      (seed) => `  replay: run({ seeds: [${seed}] })`,
    ),
    "  and 3 more",
  ]);
});

test("who is stuck is shown with what is waited for, and a crowd is cut short", (t) => {
  const waiting = [
    { who: "work", waitsFor: ["bytes from bank-0:7", "a sleep due at 5 ms"] },
    ...Array.from({ length: 9 }, (_, index) => ({
      who: `bank-${index}`,
      waitsFor: ["a connection at bank:7"],
    })),
  ];
  const stuck = { ...failure, kind: "stuck" as const, waiting };
  const failed = [{ ...failedSeed, failures: [stuck] }];
  const text = plain({ ...clean, failed });
  t.true(
    text.includes(
      "\n  work waits for bytes from bank-0:7, a sleep due at 5 ms\n  bank-0 waits for a connection at bank:7\n",
    ),
  );
  t.true(text.includes("bank-6 waits"));
  t.true(text.includes("\n  and 2 more wait\n"));
});

test("details that cannot be printed do not hide the failure", (t) => {
  const circular: Record<string, unknown> = { cents: 5n };
  circular["self"] = circular;
  const text = plain({
    ...failing,
    failed: [{ ...failedSeed, failures: [{ ...failure, details: circular }] }],
  });
  t.true(text.includes("✗ bank: money is conserved  (assertion"));
  t.true(text.includes("  details: "));
});

test("a replay line carries the recipe, and a file whose name has spaces can be pasted too", (t) => {
  const recipe = [
    { count: 151, seed: 8837201 },
    { count: 80, seed: 1293847 },
  ];
  t.is(
    replayLine("a.js", { seed: 4, recipe }),
    'npx wavetank replay a.js --seed 4 --recipe "151@8837201 -> 80@1293847"',
  );
  t.is(replayLine(undefined, { seed: 4, recipe: [] }), "run({ seeds: [4] })");
  t.is(
    replayLine(undefined, { seed: 4, recipe }),
    'run({ seeds: [4], recipe: parseTimeline("151@8837201 -> 80@1293847") })',
  );
  t.is(
    replayLine("my bank/a.js", { seed: 4, recipe: [] }),
    'npx wavetank replay "my bank/a.js" --seed 4',
  );
});

test("problems of the whole run, failed assertions and calls of the dead are told", (t) => {
  const lines = plain({
    ...clean,
    problems: ["no crash happened in any seed", "never: a disk is full"],
    observations: [
      {
        kind: "unreachable",
        message: "nobody comes here",
        passes: 0,
        fails: 3,
      },
    ],
    faults: new Map(),
    ghostCalls: 2,
    success: false,
  }).split("\n");
  t.true(lines[0]?.endsWith("seeds/s · no faults"));
  t.deepEqual(lines.slice(1), [
    "",
    "✗ bank: no crash happened in any seed",
    "",
    "✗ bank: never: a disk is full",
    "",
    "✗ nobody comes here  3× of 3×",
    "! 2 calls by dead processes had no effect: they share a promise with a living one",
  ]);
});

const headers: [what: string, report: Partial<SimulationReport>, RegExp][] = [
  ["has one seed", { fingerprints: new Map([[7, "0"]]) }, /1 seed from 7 ·/],
  ["was given a list", { base: undefined }, /1,200 seeds ·/],
  ["ran out of time", { ended: "time_limit" }, /7, until time was up ·/],
  [
    "failed too often",
    { ended: "failures_max", total: 5_000, failed: [failedSeed] },
    /1,200 of 5,000 seeds from 7, stopped: 1 failed ·/,
  ],
  [
    "was interrupted",
    { ended: "aborted", total: Infinity },
    /1,200 of unlimited seeds from 7, interrupted ·/,
  ],
];
for (const [what, parts, header] of headers) {
  test(`the first line of a report says that the run ${what}`, (t) => {
    t.regex(summaryLine({ ...clean, ...parts }, plainPaint), header);
  });
}

test("slow seeds are named, the slowest first, and no more than a few", (t) => {
  const slowSeeds = [3, 9, 4, 8, 5, 7].map((seed) => ({
    seed,
    wallMs: seed * 1_000,
  }));
  t.deepEqual(
    plain({ ...clean, slowSeeds })
      .split("\n")
      .slice(-6),
    [
      ...[9, 8, 7, 5, 4].map((seed) => `! seed ${seed} took ${seed}.0 s`),
      "! and 1 more are slow",
    ],
  );
});

test("emphasis goes to the verdict, to what broke and to the line to paste", (t) => {
  const mark = (name: string) => (text: string) => `<${name}>${text}</${name}>`;
  const paint: Paint = {
    good: mark("good"),
    bad: mark("bad"),
    dim: mark("dim"),
    bold: mark("bold"),
  };
  const text = formatReport(failing, { paint, file: undefined });
  t.true(text.startsWith("<bad>✗</bad> <bold>bank</bold>  1,200 seeds"));
  t.true(
    text.includes("\n<bad>✗ bank: money is conserved</bad><dim>  (assertion, "),
  );
  t.true(
    text.includes("\n  replay: <bold>run({ seeds: [8124330917] })</bold>\n"),
  );
  t.true(text.includes("\n<good>✓</good> money is conserved  12,345×\n"));
  t.true(text.includes("\n<dim>–</dim> sometimes: a disk is full  0×\n"));
  t.true(
    summaryLine(clean, paint).startsWith("<good>✓</good> <bold>bank</bold>"),
  );
});

test("counts are grouped by thousands, and durations speak in the unit that says something", (t) => {
  t.deepEqual([0, 7, 999, 1_000, 1_234_567, 1_000_000_000].map(grouped), [
    "0",
    "7",
    "999",
    "1,000",
    "1,234,567",
    "1,000,000,000",
  ]);
  const times = [
    0, 44, 9_940, 12_400, 59_400, 60_000, 90_000, 3_540_000, 3_600_000,
    7_560_000,
  ];
  t.deepEqual(times.map(duration), [
    "0.0 s",
    "0.0 s",
    "9.9 s",
    "12 s",
    "59 s",
    "1 min",
    "2 min",
    "59 min",
    "1.0 h",
    "2.1 h",
  ]);
});
