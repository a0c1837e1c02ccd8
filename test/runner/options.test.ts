/** Mistakes in the description of a simulation are refused at once, naming the option and its value. */
import { inspect } from "node:util";
import test from "ava";

import {
  SimulationBuilder,
  type ChaosMode,
  type Count,
} from "../../src/runner/index.ts";
import { isSimulationError, SimulationError } from "../../src/sim/index.ts";

const builder = (): SimulationBuilder => new SimulationBuilder();
const server = (): void => undefined;

/** A call that must be refused, the option and the value that the error names, and its text after the code. */
interface Mistake {
  readonly call: () => unknown;
  readonly option: string;
  readonly value: unknown;
  readonly text: RegExp;
}

const counts: Mistake[] = [
  0,
  -1,
  1.5,
  NaN,
  "3",
  [2, 1],
  [0, 1],
  [1, 2.5],
  [1],
  [],
].map((value) => ({
  call: () => builder().processes("bank", { count: value as Count }, server),
  option: "count",
  value,
  text: /process "bank" cannot have count .*: a number above 0, or \[from, to\]$/,
}));

const modes: Mistake[] = ["network", "storage"].flatMap((option) =>
  ["on", "", 1, null].map((value) => ({
    call: () => builder().chaos({ [option]: value as ChaosMode }),
    option,
    value,
    text: new RegExp(
      `chaos option ${option} cannot be .*: it is one of off, random, swarm$`,
    ),
  })),
);

const phases: Mistake[] = ["chaosMs", "recoveryMs", "checkMs"].flatMap(
  (option) =>
    [-1, NaN, Infinity].map((value) => ({
      call: () => builder().phases({ [option]: value }),
      option,
      value,
      text: new RegExp(`phase ${option} cannot be ${value}: `),
    })),
);

const badRanges = [
  [2, 1],
  [-1, 1],
  [0, NaN],
  [0, Infinity],
];
const badAttrition: Record<string, unknown[]> = {
  maxDead: [-1, 0.5, NaN],
  graceful: [-1, NaN, Infinity],
  crash: [-1, NaN, Infinity],
  crashAndWipe: [-1, NaN, Infinity],
  pauseMs: badRanges,
  graceMs: badRanges,
  recoveryMs: badRanges,
  scope: ["rack", null, 1],
  stayDownRatio: [-0.1, 1.1, NaN, "all"],
  victims: ["all", null],
};
const attrition: Mistake[] = Object.entries(badAttrition).flatMap(
  ([option, values]) =>
    values.map((value) => ({
      call: () => builder().chaos({ attrition: { [option]: value } }),
      option,
      value,
      text: new RegExp(`attrition option ${option} cannot be `),
    })),
);

const badPartitions: Record<string, unknown[]> = {
  // A number is no range, though it is one of another option's values.
  pauseMs: [...badRanges, 0.5],
  durationMs: badRanges,
  stabilityMs: [-1, NaN, Infinity, [1, 2]],
  shape: ["round", 1],
};
const partitions: Mistake[] = Object.entries(badPartitions).flatMap(
  ([option, values]) =>
    values.map((value) => ({
      call: () => builder().chaos({ partitions: { [option]: value } }),
      option,
      value,
      text: new RegExp(`partition option ${option} cannot be `),
    })),
);

const namesake: Mistake = {
  call: () =>
    builder().processes("bank", {}, server).processes("bank", {}, server),
  option: "processes",
  value: "bank",
  text: /there is a process "bank" already: /,
};

/** Two of one name would share their chance; those that `chaos` switches on have theirs already. */
const injectors: Mistake[] = [
  ...["attrition", "partitions", "clogs", "connections", "stalls"],
  "mine",
].map((name) => ({
  call: () => {
    const injector = { name, inject: () => Promise.resolve() };
    const mine = { ...injector, name: "mine" };
    builder().fault(mine).fault(injector);
  },
  option: "fault",
  value: name,
  text: /there is a fault injector ".*" already: /,
}));

for (const [what, mistakes] of Object.entries({
  counts,
  modes,
  phases,
  attrition,
  partitions,
  namesake: [namesake],
  injectors,
})) {
  for (const { call, option, value, text } of mistakes) {
    test(`the builder refuses ${inspect(value)} for ${option} (${what})`, (t) => {
      const error = t.throws(call, { instanceOf: SimulationError });
      t.true(isSimulationError(error, "bad_option"));
      t.deepEqual(error?.details, { option, value });
      t.true(error?.message.startsWith("[bad_option] "));
      t.regex(error?.message ?? "", text);
    });
  }
}

test("attrition that kills in no way is refused: whoever wants no deaths says so", (t) => {
  const call = (): unknown =>
    builder().chaos({ attrition: { graceful: 0, crash: 0 } });
  const error = t.throws(call, { instanceOf: SimulationError });
  t.like(error, { code: "bad_option", details: { option: "crash", value: 0 } });
  t.notThrows(() =>
    builder().chaos({ attrition: { graceful: 0, crash: 0, crashAndWipe: 1 } }),
  );
  t.notThrows(() => builder().chaos({ attrition: { maxDead: 0 } }));
});

test("options that do not exist are refused, together with those that do", (t) => {
  const misspelt: [call: () => unknown, option: string][] = [
    [() => builder().chaos({ netwrok: "swarm" } as object), "netwrok"],
    [() => builder().chaos({ attrition: { maxdead: 1 } as object }), "maxdead"],
    [
      () => builder().chaos({ partitions: { pausems: [1, 2] } as object }),
      "pausems",
    ],
    [() => builder().phases({ chaosms: 1 } as object), "chaosms"],
    [
      () => builder().processes("bank", { counts: 1 } as object, server),
      "counts",
    ],
  ];
  for (const [call, option] of misspelt) {
    const error = t.throws(call, { instanceOf: SimulationError });
    t.like(error, { code: "bad_option", details: { option } });
    t.regex(
      error?.message ?? "",
      new RegExp(`has no option "${option}": it has `),
    );
  }
});
