/** Makes one check, outside of any test runner, against whatever package lies beside it. */
import { deepStrictEqual, strictEqual } from "node:assert/strict";

import { defects } from "./defects.ts";
import { failedExitCode, type Claims } from "./defect.ts";

const claims: Claims = {
  true: (value, message) => strictEqual(value, true, message),
  false: (value, message) => strictEqual(value, false, message),
  is: (actual, expected, message) => strictEqual(actual, expected, message),
  deepEqual: (actual, expected, message) =>
    deepStrictEqual(actual, expected, message),
};

const [holds] = process.argv.slice(2);
const defect = defects.find((other) => other.holds === holds);
if (defect === undefined) throw new Error(`there is no defect "${holds}"`);
try {
  await defect.check(claims);
} catch (error) {
  process.stdout.write(`${String(error)}\n`);
  process.exit(failedExitCode);
}
process.exit(0);
