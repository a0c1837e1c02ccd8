/** Invariants: looked at after every event, settled; once violated no longer; and those that see nothing fail the run. */
import test from "ava";

import {
  assertAlways,
  type Invariant,
  type InvariantView,
  invariantFn,
  isSimulationError,
  SimulationBuilder,
  type SimContext,
  type SimulationReport,
  stateKey,
  timelineKey,
} from "wavetank/sim";

import { failures, prints, workload } from "./support.ts";

const level = stateKey<number>("level");
const moves = timelineKey<number>("moves");

/** A workload that makes `moves` of 0, 1, 2, … a millisecond apart, and publishes each as `level` too. */
async function climb(ctx: SimContext): Promise<void> {
  for (let number = 0; number < 10; number += 1) {
    ctx.timeline(moves).emit(number);
    ctx.state.publish(level, number);
    await ctx.time.sleep(1);
  }
}

function climbing(run = climb): SimulationBuilder {
  return new SimulationBuilder("climb").workload(workload({ run }));
}

function once(simulation: SimulationBuilder): Promise<SimulationReport> {
  return simulation.run({ seeds: [1] });
}

test.serial(
  "an invariant is looked at after every event, and told its number and time",
  async (t) => {
    const events: number[] = [];
    const times: number[] = [];
    const report = await once(
      climbing().invariantFn("looks", (view) => {
        events.push(view.event);
        times.push(view.nowMs);
        view.observed();
      }),
    );
    t.true(report.success);
    t.deepEqual(
      events,
      Array.from({ length: report.events }, (_, index) => index + 1),
    );
    t.true(times.includes(9));
    t.deepEqual(report.invariants, [
      {
        name: "looks",
        checks: report.events,
        observed: report.events,
        violations: 0,
      },
    ]);
  },
);

test.serial(
  "an invariant sees what held for one event only, and nothing that was over when the event had settled",
  async (t) => {
    const seen = new Set<number>();
    const flicker = async (ctx: SimContext): Promise<void> => {
      ctx.state.publish(level, 1);
      await ctx.time.sleep(0);
      ctx.state.publish(level, 2);
      await Promise.resolve();
      ctx.state.publish(level, 3);
      await ctx.time.sleep(0);
      ctx.state.publish(level, 4);
    };
    for (const settling of ["tick", "barrier"] as const) {
      seen.clear();
      await climbing(flicker)
        .invariantFn("sees", (view) => void seen.add(view.get(level) ?? 0))
        .run({ seeds: [1], settling });
      t.deepEqual([...seen], [0, 1, 3, 4], settling);
    }
  },
);

test.serial(
  "an invariant that does not hold fails the seed with its name, the time and the event, and is not looked at again",
  async (t) => {
    const emitted: number[] = [];
    const simulation = climbing()
      .invariantFn("counts events", (view) => {
        if (view.get(level) === 4 && emitted.length === 0)
          emitted.push(view.event);
      })
      .invariantFn("stays below four", (view) => {
        if ((view.get(level) ?? 0) >= 4) throw new Error("it is four");
      });
    const report = await once(simulation);
    t.deepEqual(failures(report), [
      "invariant: stays below four: Error: it is four",
    ]);
    const failure = report.failed[0]?.failures[0];
    t.is(failure?.atMs, 4);
    t.is(failure?.event, emitted[0]);
    t.regex(failure?.stack ?? "", /invariants\.test/);
    const result = report.invariants.find(
      ({ name }) => name === "stays below four",
    );
    t.like(result, { violations: 1, checks: emitted[0] as number });
    const again = await once(simulation);
    t.deepEqual(prints(again), prints(report));
  },
);

test.serial(
  "an assertion that does not hold in an invariant is told once, under its name, with its details",
  async (t) => {
    const report = await once(
      climbing().invariantFn("low", (view) => {
        const value = view.get(level) ?? 0;
        assertAlways(value < 3, "the level is low", { value });
        assertAlways(value < 3, "the level is not high", { value });
      }),
    );
    t.deepEqual(failures(report), ["invariant: low: the level is low"]);
    t.deepEqual(report.failed[0]?.failures[0]?.details, { value: 3 });
  },
);

test.serial(
  "what an invariant reads of a timeline is new each time, and starts anew in each seed",
  async (t) => {
    const read: number[][] = [];
    const simulation = climbing().invariant({
      name: "ascending",
      begin: () => void read.push([]),
      check: (view) => {
        for (
          let entry = view.next(moves);
          entry !== undefined;
          entry = view.next(moves)
        )
          read.at(-1)?.push(entry.event);
      },
    });
    const report = await simulation.run({ seeds: [1, 2] });
    t.true(report.success);
    t.deepEqual(
      read,
      [1, 2].map(() => [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]),
    );
    t.is(report.invariants[0]?.observed, 20);
  },
);

test.serial(
  "a factory makes a fresh invariant for each seed, and a violation in one leaves the next alone",
  async (t) => {
    class Counts implements Invariant {
      readonly name = "counts";
      #looks = 0;
      check(view: InvariantView): void {
        this.#looks += 1;
        view.observed();
        if (this.#looks === 5) throw new Error(`look ${view.event}`);
      }
    }
    const report = await climbing()
      .invariant(() => new Counts())
      .run({ seeds: [1, 2, 3] });
    t.deepEqual(
      failures(report),
      [1, 2, 3].map(() => "invariant: counts: Error: look 5"),
    );
    t.is(report.invariants[0]?.violations, 3);
  },
);

test.serial(
  "an invariant that observed nothing in a whole run fails it",
  async (t) => {
    const idle = climbing().invariantFn("idle", () => undefined);
    const report = await idle.run({ seeds: [1, 2] });
    t.false(report.success);
    t.is(report.problems.length, 1);
    t.regex(report.problems[0] ?? "", /^invariant "idle" observed nothing in/);
    const never = timelineKey<number>("never");
    const blind = await once(
      climbing().invariantFn("blind", (view) => void view.next(never)),
    );
    t.regex(blind.problems[0] ?? "", /^invariant "blind" observed nothing in/);
  },
);

test.serial(
  "reading a trace counts as observing, and so does an assertion",
  async (t) => {
    const telling = climbing((ctx) => {
      ctx.providers.trace.emit("told", { number: 1 });
      return Promise.resolve();
    });
    let told = 0;
    let query: ReturnType<InvariantView["trace"]> | undefined;
    const report = await once(
      telling
        .invariant({
          name: "hears",
          begin: (view) => void (query = view.trace({ name: "told" })),
          check: () => {
            while (query?.next() !== undefined) told += 1;
          },
        })
        .invariantFn("asserts", () => assertAlways(true, "all is well")),
    );
    t.true(report.success, report.problems.join());
    t.is(told, 1);
    t.deepEqual(
      report.invariants.map(({ observed }) => observed),
      [1, report.events],
    );
  },
);

test.serial(
  "assertions of invariants do not make a check that observes nothing pass for one that does",
  async (t) => {
    const report = await new SimulationBuilder()
      .workload(workload({ check: (ctx) => ctx.time.sleep(1) }))
      .invariantFn("asserts", () => assertAlways(true, "all is well"))
      .run({ seeds: [1] });
    t.regex(report.problems[0] ?? "", /no check observed anything/);
  },
);

test.serial(
  "an invariant that draws, schedules or is async fails the seed, and says so",
  async (t) => {
    let ctx: SimContext | undefined;
    const keep = (given: SimContext): Promise<void> => {
      ctx = given;
      return given.time.sleep(5);
    };
    const wrong: [Invariant["check"], RegExp][] = [
      [() => void ctx?.random.uint32(), /may only look, and this one drew/],
      [
        () => void ctx?.time.schedule(1, () => undefined),
        /may only look, and this one scheduled/,
      ],
      [
        (async (view: InvariantView) =>
          void view.observed()) as Invariant["check"],
        /cannot be async/,
      ],
    ];
    for (const [check, message] of wrong) {
      const begin = (): void => void (ctx = undefined);
      const meddler: Invariant = { name: "meddles", begin, check };
      const report = await once(climbing(keep).invariant(meddler));
      t.is(failures(report).length, 1, failures(report).join("; "));
      t.regex(failures(report)[0] ?? "", /^invariant: meddles: /);
      t.regex(failures(report)[0] ?? "", message);
    }
  },
);

test.serial(
  "an invariant that only looks leaves every fingerprint as it was",
  async (t) => {
    const seeds = [1, 2, 3];
    const without = await climbing().run({ seeds });
    const looking = await climbing()
      .invariantFn("looks", (view) => {
        while (view.next(moves) !== undefined) view.observed();
      })
      .run({ seeds });
    t.deepEqual(prints(looking), prints(without));
  },
);

test("a builder refuses invariants without a name, without a check, or with a name that is taken", (t) => {
  const builder = new SimulationBuilder().invariant(
    invariantFn("taken", () => undefined),
  );
  const wrong: [() => void, RegExp][] = [
    [() => builder.invariantFn("taken", () => undefined), /"taken" already/],
    [() => builder.invariantFn("", () => undefined), /needs a name/],
    [
      () => builder.invariant({ name: "idle" } as unknown as Invariant),
      /invariant "idle" needs a function/,
    ],
    [
      () => builder.invariantFn("text", "x" as unknown as () => void),
      /invariant "text" needs a function/,
    ],
  ];
  for (const [call, message] of wrong) {
    const error = t.throws(call, { message });
    t.true(isSimulationError(error, "bad_option"));
  }
});
