import {
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";

import test from "ava";

import { BankService } from "../../gen/bank/v1/bank_pb.ts";
import type { BankServiceHandler } from "../../gen/bank/v1/bank_rpc.ts";
import { BankServiceRpc } from "../../gen/bank/v1/bank_rpc.ts";
import { rpcManifest } from "../../gen/rpc_manifest.ts";
import { methodUid } from "../../src/core/index.ts";
import {
  bufConfig,
  goldenContracts,
  goldenFolder,
  root,
  runTool,
} from "./contracts.ts";

const scratch = "dist/test/codegen/scratch";

/** The files below a folder, by path. */
function readTree(folder: string): Record<string, string> {
  const paths = readdirSync(join(root, folder), { recursive: true })
    .map(String)
    .filter((path) => path.endsWith(".ts"))
    .sort();
  const read = (path: string): string =>
    readFileSync(join(root, folder, path), "utf8");
  return Object.fromEntries(paths.map((path) => [path, read(path)]));
}

/** An empty folder for one test. */
function emptyFolder(name: string): string {
  const folder = `${scratch}/${name}`;
  rmSync(join(root, folder), { recursive: true, force: true });
  mkdirSync(join(root, folder), { recursive: true });
  return folder;
}

test("gen/ is what buf generate makes of proto/", (t) => {
  const folder = emptyFolder("regenerated");
  runTool("buf", ["generate", "-o", folder]);
  t.deepEqual(readTree("gen"), readTree(`${folder}/gen`));
});

test("generated code of every golden contract type checks against the package", (t) => {
  const folder = emptyFolder("compiled");
  generateGolden(folder);
  const config = {
    extends: `${root}/tsconfig.json`,
    compilerOptions: { noEmit: true },
    include: ["**/*.ts"],
    exclude: [],
  };
  writeFileSync(join(root, folder, "tsconfig.json"), JSON.stringify(config));
  copyFileSync(
    join(root, goldenFolder, "uses-streams.ts"),
    join(root, folder, "uses-streams.ts"),
  );
  for (const name of goldenContracts) {
    const file = name.replace(".proto", "_rpc.ts");
    t.true(Object.keys(readTree(folder)).includes(file), file);
  }
  t.notThrows(() => runTool("tsc", ["-p", folder]));
});

/** Through buf and the compiled plugin, as a user would. */
function generateGolden(out: string): void {
  const common = { strategy: "all", out };
  const opt = ["target=ts", "import_extension=ts"];
  const plugins = [
    {
      ...common,
      local: "protoc-gen-es",
      opt: [...opt, "erasable_syntax=true"],
    },
    { ...common, local: ["node", "dist/src/codegen/main.js"], opt },
  ];
  runTool("buf", [
    "generate",
    ...["--config", bufConfig([goldenFolder, "proto"])],
    ...["--template", JSON.stringify({ version: "v2", plugins })],
  ]);
}

test("BankServiceRpc holds the identities that its names have", (t) => {
  t.is(`${BankServiceRpc.uid}`, "c25b63cb173967139f62edb07db1f061");
  t.is(BankServiceRpc.descriptor, BankService);
  for (const [localName, method] of Object.entries(BankServiceRpc.methods)) {
    t.true(method.uid.equals(methodUid(BankServiceRpc.uid, method.id)));
    t.is(BankService.method[localName as "transfer"].name, method.name);
  }
});

test("BankService delivers at least once, as its idempotency levels allow", (t) => {
  const methods = Object.values(BankServiceRpc.methods);
  t.is(methods.length, 4);
  for (const { delivery } of methods) t.is(delivery, "at_least_once");
});

test("Transfer declares its errors", (t) => {
  const errors = BankServiceRpc.methods["transfer"]?.errors;
  t.deepEqual(
    errors?.map(({ typeName }) => typeName),
    ["bank.v1.InsufficientFunds", "bank.v1.UnknownAccount"],
  );
});

test("rpcManifest finds a method by the token of a frame", (t) => {
  const token = "a04422c2173967139f62edb05b9aaf58";
  const names = rpcManifest.flatMap(({ name, methods }) =>
    Object.values(methods)
      .filter(({ uid }) => `${uid}` === token)
      .map((method) => `${name}.${method.name}`),
  );
  t.deepEqual(names, ["bank.v1.BankService.Transfer"]);
});

test("a class can implement a handler with methods of its own", async (t) => {
  type Request = Parameters<BankServiceHandler["getBalance"]>[0];
  class EmptyBank implements BankServiceHandler {
    openAccount() {
      return {};
    }
    async transfer() {
      return {};
    }
    getBalance({ account }: Request) {
      return { cents: BigInt(account.length) };
    }
    listTransfers() {
      return { entries: [{ position: 1, requestId: "a", cents: 5n }] };
    }
  }
  t.deepEqual(await new EmptyBank().transfer(), {});
});
