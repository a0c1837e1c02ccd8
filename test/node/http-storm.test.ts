/** Unmodified HTTP while everything breaks: every answer is right to the last byte, or broken and said to be. */
import test from "ava";

import { httpCases } from "./http/cases.ts";
import { httpStorm } from "./http/storm.ts";

test.serial(
  "24 seeds of HTTP end each exchange right or with an error of a socket, and take the same courses again",
  async (t) => {
    const report = await httpStorm.run({ seeds: 24, base: 3 });
    t.deepEqual(report.failed, []);
    t.is(report.ghostCalls, 0);
    for (const { title } of httpCases) {
      for (const what of [title, `${title}, broken`]) {
        const seen = report.observations.find((one) => one.message === what);
        t.true((seen?.passes ?? 0) > 0, `${what} was never seen`);
      }
    }
    const all = [...report.fingerprints];
    const some = await httpStorm.run({
      seeds: all.slice(0, 8).map(([seed]) => seed),
      settling: "barrier",
    });
    t.deepEqual([...some.fingerprints], all.slice(0, 8));
  },
);
