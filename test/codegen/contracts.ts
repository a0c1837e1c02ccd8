/** What the tests of the plugin share: contracts from disk, descriptors from buf, the plugin in process. */
import { spawnSync, type SpawnSyncReturns } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";

import { create, fromBinary } from "@bufbuild/protobuf";
import type {
  CodeGeneratorRequest,
  FileDescriptorProto,
} from "@bufbuild/protobuf/wkt";
import {
  CodeGeneratorRequestSchema,
  FileDescriptorSetSchema,
} from "@bufbuild/protobuf/wkt";

import { wavetankPlugin } from "../../src/codegen/index.ts";

/** The repository; AVA runs tests from there. */
export const root: string = process.cwd();

export const goldenFolder = "test/codegen/golden";
export const refusedFolder = "test/codegen/refused";

/** Run a tool from `node_modules/.bin` in the repository. Throws what it printed when it fails. */
export function runTool(tool: string, args: readonly string[]): Buffer {
  const { status, stdout, stderr } = tryTool(tool, args);
  if (status !== 0) throw new Error(`${tool} failed\n${stdout}${stderr}`);
  return stdout;
}

/** Run such a tool, which may fail. */
export function tryTool(
  tool: string,
  args: readonly string[],
): SpawnSyncReturns<Buffer> {
  const tools = join(root, "node_modules", ".bin");
  const PATH = [tools, process.env["PATH"]].join(delimiter);
  return spawnSync(tool, args, {
    cwd: root,
    env: { ...process.env, PATH },
    shell: process.platform === "win32",
    stdio: ["ignore", "pipe", "pipe"],
    maxBuffer: 64 * 1024 * 1024,
  });
}

/** A configuration of buf with these folders as modules. */
export function bufConfig(folders: readonly string[]): string {
  const modules = folders.map((path) => ({ path }));
  return JSON.stringify({ version: "v2", modules });
}

/** Compile the contracts of a folder, which may import our options. Imports come first. */
export function buildContracts(folder: string): FileDescriptorProto[] {
  const image = runTool("buf", [
    "build",
    ...["--config", bufConfig([folder, "proto"])],
    ...["--as-file-descriptor-set", "-o", "-#format=binpb"],
  ]);
  return fromBinary(FileDescriptorSetSchema, image).file;
}

/** What buf would ask of the plugin: these contracts and all that they import. */
export function requestFor(
  contracts: readonly FileDescriptorProto[],
  fileToGenerate: string[],
  parameter = "target=ts,import_extension=ts,elide_plugin_version=true",
): CodeGeneratorRequest {
  const needed = new Set(fileToGenerate);
  // Imports come first, so that one pass from the end finds all of them.
  for (const file of contracts.toReversed()) {
    if (!needed.has(file.name)) continue;
    for (const path of [...file.dependency, ...file.optionDependency])
      needed.add(path);
  }
  return create(CodeGeneratorRequestSchema, {
    protoFile: contracts.filter(({ name }) => needed.has(name)),
    sourceFileDescriptors: contracts.filter(({ name }) =>
      fileToGenerate.includes(name),
    ),
    fileToGenerate,
    parameter,
  });
}

/** The contracts of the golden folder that have services. */
export const goldenContracts: readonly string[] = [
  "edition2023.proto",
  "edition2024.proto",
  "names.proto",
  "options.proto",
  "plain.proto",
  "proto2.proto",
  "streams.proto",
];

/** Run the plugin: the files it writes, by path. */
export function generate(request: CodeGeneratorRequest): Map<string, string> {
  const { file } = wavetankPlugin.run(request);
  return new Map(file.map(({ name, content }) => [name, content]));
}

/** Run the plugin, which must refuse the request: what it says. */
export function refusal(request: CodeGeneratorRequest): string {
  try {
    wavetankPlugin.run(request);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  throw new Error("the plugin accepted the request");
}

/** What a file in the repository should contain; `UPDATE_GOLDEN=1` makes the present the standard. */
export function golden(path: string, actual: string): string {
  if (process.env["UPDATE_GOLDEN"] !== undefined) {
    writeFileSync(join(root, path), actual);
  }
  return readFileSync(join(root, path), "utf8");
}
