/** The transport as a package by itself. */
import test from "ava";

import { loadsOf } from "../examples/programs.ts";

test("wavetank/transport with Node's providers works alone, and loads neither simulator nor runner nor RPC", async (t) => {
  const { files, output } = await loadsOf(
    "dist/test/transport/alone/program.js",
  );
  t.is(output, "knat\n");
  const rooms = new Set(
    files.flatMap((file) => /^dist\/src\/(\w+)\//.exec(file)?.[1] ?? []),
  );
  t.deepEqual([...rooms].sort(), [
    "assertions",
    "base",
    "core",
    "node",
    "transport",
    "wire",
  ]);
  t.deepEqual(
    files.filter((file) => file.startsWith("dist/gen/")),
    [],
    "no contract",
  );
  const packages = files.filter((file) => !file.startsWith("dist/"));
  for (const file of packages) t.regex(file, /^node_modules\/@node-rs\//);
});
