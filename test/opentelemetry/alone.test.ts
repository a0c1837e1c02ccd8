/** Nobody needs OpenTelemetry who does not ask for it. */
import test from "ava";

import { loadsOf } from "../examples/programs.ts";
import { readRootFile } from "../tidy/source.ts";

const packageJson = JSON.parse(readRootFile("package.json") ?? "{}") as {
  exports: Record<string, { default?: string }>;
  peerDependenciesMeta: Record<string, { optional: boolean }>;
};
const own = "./opentelemetry";

/** What a program loads that imports these entries of the package. */
function loadsOfEntries(entries: readonly string[]): Promise<string[]> {
  const text = entries
    .map((entry) => `import ${JSON.stringify(entry.replace(".", "wavetank"))};`)
    .join("");
  return loadsOf("--input-type=module", "--eval", text).then(
    ({ files }) => files,
  );
}

test("no other entry of the package loads OpenTelemetry", async (t) => {
  const entries = Object.entries(packageJson.exports)
    .filter(([, { default: file }]) => file?.endsWith(".js"))
    .map(([entry]) => entry)
    // It is for tests of AVA alone, and refuses to be loaded elsewhere.
    .filter((entry) => entry !== own && entry !== "./ava");
  t.true(entries.length >= 8);
  const files = await loadsOfEntries(entries);
  t.true(files.includes("dist/src/rpc/server.js"));
  t.true(files.includes("dist/src/services/health.js"));
  t.deepEqual(
    files.filter((file) => file.includes("opentelemetry")),
    [],
  );
});

test("wavetank/opentelemetry loads the API, and nothing of the SDK", async (t) => {
  const files = await loadsOfEntries([own]);
  const packages = files
    .map((file) => /node_modules\/(@opentelemetry\/[^/]+)/.exec(file)?.[1])
    .filter((name) => name !== undefined);
  t.deepEqual([...new Set(packages)], ["@opentelemetry/api"]);
  t.true(packageJson.peerDependenciesMeta["@opentelemetry/api"]?.optional);
});
