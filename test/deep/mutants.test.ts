/** Every defect that is planted again is found again. */
import test from "ava";

import { defects } from "../defects/defects.ts";
import { Nursery } from "../defects/mutation.ts";

const nursery = new Nursery();
test.after.always(() => nursery.close());

for (const { holds, mutants } of defects) {
  test.serial(`killed: the opposite of "${holds}"`, async (t) => {
    const whole = await nursery.ask(holds);
    t.is(whole.verdict, "held", whole.text);
    for (const mutant of mutants) {
      const { verdict, text } = await nursery.ask(holds, mutant);
      t.is(verdict, "failed", `${mutant.file}: ${mutant.to}\n${text}`);
      t.log(text.split("\n")[0]?.slice(0, 100) ?? "");
    }
  });
}
