import test from "ava";

import { drawMutant, FuzzRandom } from "./fuzz.ts";
import { readMutants } from "./fuzzed.ts";

test("spoilt streams throw nothing but WireError, with every code, and what is sound in them arrives", (t) => {
  const { bytes, accepted, resummed, codes, faults } = readMutants(1, 1_500);
  t.deepEqual(faults, []);
  t.true(bytes > 500_000, `${bytes} bytes are few`);
  t.true(resummed > 600 && accepted > 50, `${resummed} and ${accepted}`);
  // `bad_message` is what a transport finds inside a sound frame: see test/transport/fuzz.test.ts.
  t.deepEqual([...codes.keys()].sort(), [
    "bad_handshake",
    "bad_magic",
    "checksum_mismatch",
    "insufficient_data",
    "invalid_length",
    "packet_too_large",
    "unsupported_version",
  ]);
});

test("FuzzRandom draws the same mutants from the same seed, and others from another", (t) => {
  const draw = (seed: number): unknown => drawMutant(new FuzzRandom(seed));
  t.deepEqual(draw(7), draw(7));
  t.notDeepEqual(draw(7), draw(8));
});
