/** moonpool's functions on the chance of the process, and what replaces each: the chance of a world. */
import test from "ava";
import { sampleDuration, SimWorld, type SimWorldOptions } from "wavetank/sim";

function values(options: SimWorldOptions, count: number): number[] {
  const random = new SimWorld(options).random("any");
  return Array.from({ length: count }, () => random.uint32());
}

test("set_sim_seed and get_current_sim_seed: a world is given its seed, and says it", (t) => {
  t.is(new SimWorld({ seed: 7 }).seed, 7);
  t.deepEqual(values({ seed: 7 }, 5), values({ seed: 7 }, 5));
  t.notDeepEqual(values({ seed: 7 }, 5), values({ seed: 8 }, 5));
});

test("reset_sim_rng: a new world begins anew, whatever happened in another", (t) => {
  const before = values({ seed: 7 }, 5);
  const spent = new SimWorld({ seed: 7 });
  for (let draw = 0; draw < 100; draw += 1) spent.random("any").uint32();
  t.deepEqual(values({ seed: 7 }, 5), before);
});

test("get_rng_call_count and reset_rng_call_count: a world counts its own draws, from 0", (t) => {
  const world = new SimWorld({ seed: 7 });
  world.random("one").ratio();
  world.random("two").bytes(9);
  t.is(world.draws, 2);
  t.is(new SimWorld({ seed: 7 }).draws, 0);
});

test("set_rng_breakpoints and clear_rng_breakpoints: a world is given its recipe, or none", (t) => {
  const recipe = [{ count: 2, seed: 9 }];
  const plain = values({ seed: 7 }, 4);
  const steered = values({ seed: 7, recipe }, 4);
  t.deepEqual(steered.slice(0, 2), plain.slice(0, 2));
  t.deepEqual(steered.slice(2), values({ seed: 9 }, 2));
  t.deepEqual(values({ seed: 7, recipe: [] }, 4), plain);
});

test("sim_random, sim_random_range and sim_random_range_or_default: chance comes from a provider", (t) => {
  const { random } = new SimWorld({ seed: 7 }).providers("10.0.1.1");
  t.true(random.ratio() < 1);
  const value = random.range(3, 5);
  t.true(value >= 3 && value < 5);
  t.throws(() => random.range(3, 3), { instanceOf: RangeError });
});

test("sample_duration: sampleDuration draws from a range of milliseconds", (t) => {
  const random = new SimWorld({ seed: 7 }).random("any");
  for (let draw = 0; draw < 100; draw += 1) {
    const ms = sampleDuration(random, [2, 4]);
    t.true(ms >= 2 && ms <= 4);
  }
});
