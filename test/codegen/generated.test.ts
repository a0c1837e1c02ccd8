import {
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

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

const compiled = "compiled/js/runs.js";

test.before(
  "generated code of every golden contract compiles against the package",
  () => {
    const folder = emptyFolder("compiled");
    generateGolden(folder);
    for (const program of ["uses-streams.ts", "runs.ts"])
      copyFileSync(
        join(root, goldenFolder, program),
        join(root, folder, program),
      );
    const config = {
      extends: `${root}/tsconfig.json`,
      compilerOptions: { rootDir: ".", outDir: "js" },
      include: ["**/*.ts"],
      exclude: [],
    };
    writeFileSync(join(root, folder, "tsconfig.json"), JSON.stringify(config));
    runTool("tsc", ["-p", folder]);
  },
);

test("every golden contract has been generated and compiled", (t) => {
  const files = readdirSync(join(root, scratch, "compiled/js"));
  for (const name of goldenContracts)
    t.true(files.includes(name.replace(".proto", "_rpc.js")), name);
});

/** What the programs tell that call what was generated, in the order in which it happened. */
const runs: Readonly<Record<string, readonly string[]>> = {
  runStreams: [
    ...["one", "two", "9 letters", "three?", "four?"],
    ...["one", "two", "behind by 7", "forbidden to you"],
  ],
  runEdition2023: [
    ...["a 1 fragile 1+2 0", "b 2 fragile 1+2 0"],
    ...["5000 grams", "invalid_argument, not_sent"],
  ],
  runEdition2024: ["re: hello 1", "golden.edition2024.NoStamp"],
  runProto2: ["3", "invalid_argument, not_sent"],
  runOptions: ["answers undefined", "dropped", "written by me"],
};

for (const [name, told] of Object.entries(runs)) {
  test.serial(`generated code is served and called: ${name}`, async (t) => {
    const url = pathToFileURL(join(root, scratch, compiled)).href;
    const programs = (await import(url)) as Record<
      string,
      () => Promise<string[]>
    >;
    t.deepEqual(await programs[name]?.(), [...told]);
  });
}

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
