/** What users need of these services is in the package that they install. */
import { existsSync } from "node:fs";

import test from "ava";

import { readRootFile } from "../tidy/source.ts";
import { runTool } from "../codegen/contracts.ts";

test("the contracts and their code are among the files of the package", (t) => {
  const { files, exports } = JSON.parse(readRootFile("package.json") ?? "") as {
    files: string[];
    exports: Record<string, unknown>;
  };
  for (const path of [
    "proto/grpc/health/v1/health.proto",
    "proto/grpc/reflection/v1/reflection.proto",
    "dist/gen/grpc/health/v1/health_rpc.js",
    "dist/gen/grpc/reflection/v1/reflection_pb.d.ts",
    "dist/src/services/index.js",
  ]) {
    t.true(existsSync(path), path);
    t.true(
      files.some((folder) => path.startsWith(`${folder}/`)),
      `${path} is in none of the folders that are packed`,
    );
  }
  t.truthy(exports["./services"]);
  t.truthy(exports["./gen/grpc/*"]);
});

test("a team that lists the contracts of the package as a module lints clean", (t) => {
  const config = JSON.stringify({
    version: "v2",
    modules: [{ path: "proto" }],
    lint: { use: ["STANDARD"] },
  });
  t.is(runTool("buf", ["lint", "--config", config]).toString(), "");
});
