/** `wavetank/ava`: a simulation as a test of AVA, here with a `t` that writes down what it is told. */
import test from "ava";

import { assertAlways } from "../../src/assertions/index.ts";
import { survives, type SurvivesOptions } from "../../src/ava.ts";
import { SimulationBuilder } from "../../src/runner/index.ts";
import { SimulationError } from "../../src/sim/index.ts";
import { workload } from "./support.ts";

/** A simulation that fails in the one seed that is named. */
function failsAt(badSeed: number): SimulationBuilder {
  return new SimulationBuilder("money").workload((index) => ({
    ...workload()(index),
    check: (ctx) =>
      Promise.resolve(
        assertAlways(
          ctx.random.uint32() !== drawOf.get(badSeed),
          "money is conserved",
        ),
      ),
  }));
}

/** The first draw of the workload in a seed. */
const drawOf = new Map<number, number>();
test.before(async () => {
  for (const seed of [4, 5]) {
    const run = workload({
      run: ({ random }) =>
        Promise.resolve(void drawOf.set(seed, random.uint32())),
    });
    await new SimulationBuilder().workload(run).run({ seeds: [seed] });
  }
});

interface Told {
  passed: unknown[];
  failed: unknown[];
  logged: unknown[];
}

/** Run the macro with a `t` that listens. */
async function told(
  simulation: SimulationBuilder,
  options?: SurvivesOptions,
): Promise<Told> {
  const heard: Told = { passed: [], failed: [], logged: [] };
  const t = {
    pass: (message?: string) => void heard.passed.push(message),
    fail: (message?: string) => void heard.failed.push(message),
    log: (...values: unknown[]) => void heard.logged.push(...values),
  };
  await survives.exec(t, simulation, options);
  return heard;
}

test.serial(
  "survives passes once, and logs the report, when all seeds are clean",
  async (t) => {
    const heard = await told(failsAt(5), { seeds: [1, 2, 3] });
    t.is(heard.passed.length, 1);
    t.deepEqual(heard.failed, []);
    t.is(heard.logged.length, 1);
    t.regex(String(heard.logged[0]), /^✓ money {2}3 seeds /);
  },
);

test.serial(
  "survives fails once, with what broke and the line to paste, and logs the report, when a seed fails",
  async (t) => {
    const heard = await told(failsAt(5), {
      seeds: [4, 5],
      file: "dist/money.sim.js",
    });
    t.deepEqual(heard.passed, []);
    t.is(heard.failed.length, 1);
    t.regex(
      String(heard.failed[0]),
      /^✗ money: money is conserved {2}\(assertion, at .*\n {2}replay: npx wavetank replay dist\/money\.sim\.js --seed 5$/,
    );
    t.is(heard.logged.length, 1);
    t.regex(String(heard.logged[0]), /^✗ money {2}2 seeds /);
    t.true(
      String(heard.logged[0]).includes(
        "\n✗ money: money is conserved  (assertion, at 0.000 s simulated, event ",
      ),
    );
    t.true(
      String(heard.logged[0]).includes(
        "\n  replay: npx wavetank replay dist/money.sim.js --seed 5\n",
      ),
    );
  },
);

test.serial(
  "survives without a file says what to run again with",
  async (t) => {
    const heard = await told(failsAt(5), { seeds: [5] });
    t.true(String(heard.failed[0]).endsWith("\n  replay: run({ seeds: [5] })"));
  },
);

test.serial("survives fails for a problem of the run as a whole", async (t) => {
  const heard = await told(failsAt(5).requireFaults("crash"), { seeds: [1] });
  t.deepEqual(heard.failed, ["✗ money: no crash happened in any seed"]);
});

test.serial(
  "survives hands its options on, and rejects for those that make no sense",
  async (t) => {
    const heard = await told(failsAt(5), { seeds: 7, base: 3 });
    t.regex(String(heard.logged[0]), /^✓ money {2}7 seeds from 3 /);
    await t.throwsAsync(told(failsAt(5), { seeds: 0 }), {
      instanceOf: SimulationError,
    });
  },
);

test.serial(
  "survives runs a hundred seeds unless told otherwise",
  async (t) => {
    t.regex(
      String((await told(failsAt(5))).logged[0]),
      /^✓ money {2}100 seeds from \d+ /,
    );
  },
);

test.serial("survives works as a macro of AVA", survives, failsAt(5), {
  seeds: [1, 2],
});
