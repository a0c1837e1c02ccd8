/** The plugin itself: read contracts, refuse unsafe ones, write code. */
import { Edition } from "@bufbuild/protobuf/wkt";
import type { Plugin, Schema } from "@bufbuild/protoplugin";
import { createEcmaScriptPlugin } from "@bufbuild/protoplugin";

import { findProblems } from "./check.ts";
import { readWorkspace } from "./contract.ts";
import { writeManifest } from "./emit/manifest-file.ts";
import { writeServiceFile } from "./emit/service-file.ts";
import { parsePluginOptions, requireTypeScript } from "./plugin-options.ts";
import type { Problem } from "./problem.ts";
import { formatProblem } from "./problem.ts";

/** The version of the package, which a test compares with package.json. */
export const pluginVersion = "0.1.0";

/**
 * Writes `x_rpc.ts` for every contract with services, and one `rpc_manifest.ts`.
 * Throws when a contract is unsafe: the message has a line for each problem.
 */
export const wavetankPlugin: Plugin = createEcmaScriptPlugin({
  name: "protoc-gen-wavetank",
  version: `v${pluginVersion}`,
  parseOptions: parsePluginOptions,
  // From the oldest to the newest that the tests cover; buf refuses contracts of later ones, and says why.
  minimumEdition: Edition.EDITION_PROTO2,
  maximumEdition: Edition.EDITION_2024,
  generateTs: generate,
});

function generate(schema: Schema): void {
  requireTypeScript(schema.targets);
  const workspace = readWorkspace(schema.allFiles);
  const generated = workspace.services.filter(({ desc }) =>
    schema.files.includes(desc.file),
  );
  const problems = findProblems(workspace, generated);
  if (problems.length > 0) throw refusal(problems);
  for (const file of schema.files) {
    const services = generated.filter(({ desc }) => desc.file === file);
    writeServiceFile(schema, services, workspace);
  }
  writeManifest(schema, generated);
}

/** Its message is all that buf shows of it. */
function refusal(problems: readonly Problem[]): Error {
  const head = `refused ${problems.length} unsafe declaration${problems.length === 1 ? "" : "s"}`;
  return new Error([head, ...problems.map(formatProblem)].join("\n"));
}
