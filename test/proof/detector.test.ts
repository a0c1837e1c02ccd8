/** What the detector watches, what it leaves alone, and that it goes without a trace. */
import test from "ava";

import {
  allowEscapes,
  installEscapeDetector,
  NodeTimeProvider,
} from "../../src/node/index.ts";
import { targets } from "../../src/node/escapes/targets.ts";
import { failures } from "../runner/support.ts";
import { runIn } from "./support.ts";
import { uses } from "./uses.ts";

/** Every property that is replaced, as it is now. */
function machine(): unknown[] {
  const all = targets().flatMap(({ holder, names }) =>
    names.map((name) => (holder as Record<string, unknown>)[name]),
  );
  return [...all, Date, Date.prototype.constructor];
}

test.serial(
  "what is watched is replaced for a run, and put back",
  async (t) => {
    const before = machine();
    t.true(before.length > 200);
    let within: unknown[] = [];
    await runIn(() => (within = machine()));
    t.deepEqual(
      within.flatMap((value, index) =>
        value === before[index] ? [index] : [],
      ),
      [],
      "everything is replaced",
    );
    t.true(machine().every((value, index) => value === before[index]));
  },
);

test.serial("nothing is replaced for a run with escapes off", async (t) => {
  const before = machine();
  let within: unknown[] = [];
  const use = (): number => {
    within = machine();
    return Math.random();
  };
  t.deepEqual((await runIn(use, { escapes: "off" })).escapes, []);
  t.true(within.every((value, index) => value === before[index]));
});

test.serial(
  "the wrappers come off when the last who put them on takes them off",
  (t) => {
    const { random } = Math;
    const [first, second] = [installEscapeDetector(), installEscapeDetector()];
    first();
    first();
    t.not(Math.random, random);
    second();
    t.is(Math.random, random);
  },
);

test.serial("what somebody else put over a wrapper stays", (t) => {
  const { random } = Math;
  t.teardown(() => (Math.random = random));
  const remove = installEscapeDetector();
  const mine = (): number => 4;
  Math.random = mine;
  remove();
  t.is(Math.random, mine);
});

for (const [index, { kind, what, use }] of uses.entries()) {
  test.serial(`${what} in a step is an escape (${index})`, async (t) => {
    const { escapes } = await runIn(use);
    t.like(escapes, { 0: { kind, what, count: 1 }, length: 1 });
    t.regex(escapes[0]?.site?.file ?? "", /test\/proof\/uses\.[jt]s$/);
  });
}

test.serial(
  "what is not wrapped is not found: the tests above can fail",
  async (t) => {
    const remove = installEscapeDetector();
    const real = Math.random;
    remove();
    t.not(real, Math.random);
    const { random } = Math;
    t.deepEqual((await runIn(() => random())).escapes, [], "kept too early");
  },
);

test.serial("a Date under watch is a Date", async (t) => {
  const remove = installEscapeDetector();
  t.teardown(remove);
  class Later extends Date {}
  const { escapes } = await runIn(() => {
    const date = new Date(5);
    t.true(date instanceof Date && Object(date) instanceof Date);
    t.is(date.constructor, Date);
    t.is(date.getTime(), 5);
    t.is(new Date(2020, 1).getMonth(), 1);
    t.is(Date.UTC(1970), 0);
    t.is([Date.name, Date.length].join(), "Date,7");
    const later = new Later(7);
    t.true(later instanceof Later && later instanceof Date);
    t.true(structuredClone(later) instanceof Date);
  });
  t.deepEqual(escapes, []);
  t.is(typeof (Date as () => string)(), "string");
});

test.serial(
  "what Node prints, and what is done on purpose, is no escape",
  async (t) => {
    const { escapes } = await runIn(() => {
      console.log("said in a step");
      return allowEscapes(() => Math.random() + performance.now());
    });
    t.deepEqual(escapes, []);
  },
);

test.serial("outside of steps nothing is an escape", async (t) => {
  const remove = installEscapeDetector();
  t.teardown(remove);
  for (const settling of ["tick", "barrier"] as const) {
    let looks = 0;
    const interval = setInterval(() => (looks += Date.now() > 0 ? 1 : 0), 0);
    const busy = async ({
      time,
    }: {
      time: { sleep(ms: number): Promise<void> };
    }): Promise<void> => {
      while (looks < 3) await time.sleep(0.001);
    };
    const { escapes } = await runIn(busy, { settling });
    clearInterval(interval);
    t.true(looks >= 3);
    t.deepEqual(escapes, [], settling);
  }
});

test.serial("both ways of settling find the same", async (t) => {
  const use = async (): Promise<number> => {
    await Promise.resolve();
    return Math.random();
  };
  const tick = await runIn(use, { settling: "tick" });
  const barrier = await runIn(use, { settling: "barrier" });
  t.is(tick.escapes.length, 1);
  t.deepEqual(barrier.escapes, tick.escapes);
});

test.serial(
  "Wavetank's real providers in a simulation are found where they are used",
  async (t) => {
    const { escapes } = await runIn(() => new NodeTimeProvider().now());
    t.is(escapes.length, 1);
    t.regex(
      escapes[0]?.site?.file ?? "",
      /test\/proof\/detector\.test\.[jt]s$/,
    );
  },
);

test.serial(
  "a place that is used often is told once, with its count",
  async (t) => {
    const { escapes } = await runIn(() => {
      for (let count = 0; count < 700; count += 1) Math.random();
      for (let count = 0; count < 700; count += 1) Math.random();
    });
    // More than a thousand looks at the stack in a seed would be too slow; the others are counted without a place.
    t.deepEqual(
      escapes.map(({ site, count }) => [site === undefined, count]),
      [
        [false, 700],
        [false, 300],
        [true, 400],
      ],
    );
  },
);

test.serial(
  "an escape fails the seed when asked, and shows where",
  async (t) => {
    const report = await runIn(() => Math.random(), { escapes: "error" });
    t.false(report.success);
    t.is(failures(report).length, 1);
    t.regex(
      failures(report)[0] ?? "",
      /^escape: Math\.random at \S+detector\.test\.[jt]s:\d+:\d+, by user \(10\.0\.1\.1\)$/,
    );
    t.regex(report.failed[0]?.failures[0]?.stack ?? "", /detector\.test/);
  },
);

test.serial("whoever is allowed is neither told nor failed", async (t) => {
  const seen = new Set<string>();
  const report = await runIn(() => Math.random() + Date.now(), {
    escapes: "error",
    allowEscape: ({ what }) => seen.add(what).size > 0 && what !== "Date.now",
  });
  t.deepEqual([...seen], ["Math.random", "Date.now"]);
  t.regex(failures(report).join(), /^escape: Date\.now at [^,]+, by [^,]+$/);
});

test.serial("a mode that does not exist is refused", async (t) => {
  const options = { escapes: "loud" as "warn" };
  await t.throwsAsync(() => runIn(() => 0, options), {
    message: '[bad_option] escapes cannot be "loud": error, warn, off are',
  });
});
