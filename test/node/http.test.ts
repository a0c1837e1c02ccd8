/** Unmodified servers and clients of `node:http`: what happens is the same over sockets, TCP providers and a simulation. */
import test from "ava";

import { httpCases, outcomeOf } from "./http/cases.ts";
import { httpWorlds } from "./http/worlds.ts";

for (const [who, world] of httpWorlds) {
  for (const each of httpCases) {
    test.serial(`${each.title}, over ${who}`, async (t) => {
      t.is(await world((visit) => outcomeOf(each, visit)), each.outcome);
    });
  }
}
