/** Spoilt streams by the million bytes. */
import test from "ava";

import { readMutants } from "../wire/fuzzed.ts";

for (let seed = 100; seed < 110; seed += 1) {
  test(`spoilt streams of seed ${seed} throw nothing but WireError`, (t) => {
    const { bytes, codes, faults } = readMutants(seed, 8_000);
    t.deepEqual(faults, []);
    t.true(bytes > 2_000_000, `${bytes} bytes are few`);
    t.is(codes.size, 7);
  });
}
