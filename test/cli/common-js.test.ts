/** Simulations that a project without `"type": "module"` compiles to. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "ava";

import { fixture, root, wavetank } from "./support.ts";

const clean = JSON.stringify(join(root, fixture("clean.sim.js")));

const forms: readonly [what: string, code: string][] = [
  [
    "as the default that a compiler writes",
    `Object.defineProperty(exports, "__esModule", { value: true });
     exports.default = require(${clean}).simulation;`,
  ],
  ["under a name", `exports["the bank"] = require(${clean}).simulation;`],
  ["as the module itself", `module.exports = require(${clean}).simulation;`],
];
for (const [what, code] of forms)
  test.serial(
    `wavetank run takes a simulation that CommonJS exports ${what}`,
    async (t) => {
      const folder = mkdtempSync(join(tmpdir(), "wavetank-common-js-"));
      t.teardown(() => rmSync(folder, { recursive: true }));
      writeFileSync(join(folder, "package.json"), `{ "type": "commonjs" }`);
      const file = join(folder, "clean.sim.js");
      writeFileSync(file, code);
      const { code: exit, stderr } = await wavetank(
        ...["run", file, "--seeds", "2", "--seed", "1"],
      );
      t.is(exit, 0, stderr);
    },
  );
