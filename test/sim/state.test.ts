import test from "ava";

import {
  isSimulationError,
  SimWorld,
  stateKey,
  timelineKey,
  type StateHandle,
} from "../../src/sim/index.ts";

const leader = stateKey<string>("leader");
const count = stateKey<number>("count");

const here = "10.0.1.1";
const there = "10.0.1.2";

test.serial(
  "StateHandle shows everybody in a world what was last published, and a fresh world nothing",
  async (t) => {
    const world = new SimWorld({ seed: 1 });
    const [left, right] = [here, there].map(
      (ip) => world.providers(ip).state,
    ) as [StateHandle, StateHandle];
    t.is(right.get(leader), undefined);
    t.false(right.has(leader));
    left.publish(leader, "a");
    left.publish(leader, "b");
    t.is(right.get(leader), "b");
    t.true(world.state.has(leader));
    t.is(
      right.update(count, (before = 40) => before + 2),
      42,
    );
    t.is(left.get(count), 42);
    t.is(new SimWorld({ seed: 1 }).state.get(leader), undefined);
    world.end();
  },
);

test.serial("StateHandle refuses two keys of one name", (t) => {
  const world = new SimWorld({ seed: 1 });
  world.state.publish(leader, "a");
  const error = t.throws(() => world.state.get(stateKey<number>("leader")));
  t.true(isSimulationError(error, "bad_option"));
  t.regex(error?.message ?? "", /two keys are called "leader"/);
  t.notThrows(() => world.state.timeline(timelineKey("leader")).length);
  world.end();
});
