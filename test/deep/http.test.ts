/** Unmodified HTTP over a thousand seeds. */
import test from "ava";

import { httpStorm } from "../node/http/storm.ts";

for (const base of [1, 4_500]) {
  test.serial(
    `500 seeds of HTTP from ${base} see every case whole and broken and every kind of break, twice the same`,
    async (t) => {
      const report = await httpStorm.run({ seeds: 500, base });
      t.deepEqual(report.failed, []);
      t.deepEqual(report.problems, []);
      t.is(report.ghostCalls, 0);
      t.is(report.fingerprints.size, 500);
      const again = await httpStorm.run({ seeds: 500, base });
      t.deepEqual(again.fingerprints, report.fingerprints);
    },
  );
}
