/** Uses of the machine inside a simulation are found, with the line where they stand. */
import test from "ava";

import { installEscapeDetector } from "../../src/node/index.ts";
import { chance, clock, disk, load, places, plant } from "./plants.ts";

// As the command line does it: before the simulation's modules are loaded.
installEscapeDetector();

for (const mistake of [clock, chance, disk]) {
  for (const place of places) {
    test.serial(`${mistake.name} ${place} is found at its line`, async (t) => {
      const planted = plant(mistake, place);
      t.teardown(() => planted.remove());
      const { escapes, success } = await (
        await load(planted)
      ).run({ seeds: 3, base: 1 });
      t.is(escapes.length, 1);
      const [escape] = escapes;
      t.is(escape?.what, mistake.name);
      t.is(escape?.site?.file, planted.culprit);
      t.is(escape?.site?.line, planted.line);
      t.is(escape?.who, "careless (10.0.1.1)");
      t.is(escape?.seed, 1);
      t.is(escape?.count, 3);
      t.true(success, "it is a warning");
    });
  }
}
