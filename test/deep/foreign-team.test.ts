/** A team that has nothing of ours but the npm package: its contract uses our options, its simulation our simulator. */
import { spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";

import test from "ava";

/** The repository; AVA runs tests from there. */
const root = process.cwd();
/** Outside the repository, so that nothing of it is found by looking upwards. */
const team = realpathSync(mkdtempSync(join(tmpdir(), "foreign-team-")));

/** What the team gets from the registry besides our package; here from our own folder, for want of a network. */
const dependencies = ["@bufbuild/protobuf", "@node-rs/crc32"];
const devDependencies = [
  "@bufbuild/buf",
  "@bufbuild/protoc-gen-es",
  "@types/node",
  "typescript",
];

/** Run npm as that team would, without our own tools in sight. Throws what it printed when it fails. */
function npm(folder: string, ...args: string[]): string {
  const { status, output } = tryNpm(folder, ...args);
  if (status === 0) return output;
  throw new Error(`npm ${args.join(" ")} failed\n${output}`);
}

function tryNpm(
  cwd: string,
  ...args: string[]
): { status: number | null; output: string } {
  const environment = Object.entries(process.env).filter(
    ([name]) => !/^(npm_|NODE_|NO_COLOR|FORCE_COLOR)/i.test(name),
  );
  const PATH = (process.env["PATH"] ?? "")
    .split(delimiter)
    .filter((folder) => !folder.includes("node_modules"))
    .join(delimiter);
  const { status, stdout, stderr } = spawnSync("npm", args, {
    cwd,
    env: { ...Object.fromEntries(environment), PATH },
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
    shell: process.platform === "win32",
  });
  return { status, output: stdout + stderr };
}

const runScript = (name: string): string => npm(team, "run", "--silent", name);

/** Change a file of the team. */
function edit(path: string, from: string, to: string): void {
  const file = join(team, path);
  const text = readFileSync(file, "utf8");
  if (!text.includes(from)) throw new Error(`${path} does not have ${from}`);
  writeFileSync(file, text.replace(from, to));
}

const contract = "proto/harbour/v1/harbour.proto";

test.before("the package is packed, and installed by the team", () => {
  npm(root, "pack", "--silent", "--ignore-scripts", "--pack-destination", team);
  cpSync(join(root, "test/foreign-team"), team, { recursive: true });
  const [tarball = ""] = readdirSync(team).filter((name) =>
    name.endsWith(".tgz"),
  );
  const local = (names: readonly string[]): Record<string, string> =>
    Object.fromEntries(
      names.map((name) => [name, `file:${root}/node_modules/${name}`]),
    );
  const file = join(team, "package.json");
  const manifest = JSON.parse(readFileSync(file, "utf8")) as object;
  const complete = {
    ...manifest,
    dependencies: { wavetank: `file:${tarball}`, ...local(dependencies) },
    devDependencies: local(devDependencies),
  };
  writeFileSync(file, JSON.stringify(complete));
  const quiet = ["--ignore-scripts", "--no-audit", "--no-fund"];
  npm(team, "install", "--offline", "--cache", join(team, "cache"), ...quiet);
});

test.after.always(() => rmSync(team, { recursive: true, force: true }));

test.serial(
  "what is installed is the packed package, not a link to us",
  (t) => {
    const installed = realpathSync(join(team, "node_modules/wavetank"));
    t.is(installed, join(team, "node_modules/wavetank"));
    for (const path of ["proto/wavetank/options/v1/options.proto", "LICENSE"])
      t.true(existsSync(join(installed, path)), path);
    for (const path of ["src", "test", "gen", "dist/test", "proto/bank"])
      t.false(existsSync(join(installed, path)), path);
  },
);

test.serial("every door of the package opens", (t) => {
  const file = join(team, "node_modules/wavetank/package.json");
  const { exports } = JSON.parse(readFileSync(file, "utf8")) as {
    exports: Record<string, string | { default: string }>;
  };
  // These need packages of others, AVA and OpenTelemetry, which this team does not use.
  const optional = ["./ava", "./opentelemetry"];
  const doors = Object.keys(exports)
    .filter((door) => !door.includes("*") && !optional.includes(door))
    .map((door) => door.replace(".", "wavetank"));
  t.true(doors.length >= 8, doors.join(" "));
  const imports = doors.map((door) =>
    door.endsWith(".json")
      ? `await import("${door}", { with: { type: "json" } });`
      : `await import("${door}");`,
  );
  writeFileSync(join(team, "doors.mjs"), imports.join("\n"));
  t.is(npm(team, "exec", "--offline", "--", "node", "doors.mjs"), "");
});

test.serial("its contract passes buf lint, STANDARD, untouched", (t) => {
  t.is(runScript("lint"), "");
});

test.serial(
  "it generates its own code, and takes ours from the package",
  (t) => {
    runScript("generate");
    const gen = readdirSync(join(team, "src/gen"), { recursive: true })
      .map(String)
      .filter((path) => path.endsWith(".ts"))
      .sort();
    t.deepEqual(gen, [
      join("harbour", "v1", "harbour_pb.ts"),
      join("harbour", "v1", "harbour_rpc.ts"),
      "rpc_manifest.ts",
    ]);
    const messages = readFileSync(
      join(team, "src/gen/harbour/v1/harbour_pb.ts"),
      "utf8",
    );
    t.deepEqual(
      [...messages.matchAll(/from "(wavetank.*)"/g)].map(([, from]) => from),
      [
        "wavetank/gen/wavetank/options/v1/options_pb.js",
        "wavetank/gen/wavetank/rpc/v1/endpoint_ref_pb.js",
        "wavetank/gen/wavetank/rpc/v1/endpoint_ref_pb.js",
      ],
    );
  },
);

test.serial("it compiles, our types included", (t) => {
  t.is(runScript("build"), "");
});

test.serial("its simulation survives", (t) => {
  const output = runScript("simulate");
  t.regex(output, /✓ harbour {2}50 seeds/);
  t.regex(output, /✓ no ship is given two berths/);
});

test.serial("its simulation finds what an option of ours is good for", (t) => {
  edit(contract, "dedupe: true", "dedupe: false");
  runScript("generate");
  runScript("build");
  const { status, output } = tryNpm(team, "run", "--silent", "simulate");
  t.is(status, 1);
  t.regex(output, /✗ harbour: no ship is given two berths/);
  t.regex(output, /npx wavetank replay dist\/harbour\.sim\.js --seed \d+\n/);
  edit(contract, "dedupe: false", "dedupe: true");
});

test.serial("what it must not declare is refused in its place", (t) => {
  edit(contract, '"harbour.v1.TooLong"', '"harbour.v1.TooWide"');
  const { status, output } = tryNpm(team, "run", "--silent", "generate");
  t.not(status, 0);
  t.regex(
    output,
    /harbour\/v1\/harbour\.proto:\d+:7: .*declares the error "harbour\.v1\.TooWide"/,
  );
  edit(contract, '"harbour.v1.TooWide"', '"harbour.v1.TooLong"');
});

test.serial("it holds its contract against what it has published", (t) => {
  runScript("publish");
  t.is(runScript("breaking"), "");
  edit(contract, "string ship = 1;", "bytes ship = 1;");
  const { status, output } = tryNpm(team, "run", "--silent", "breaking");
  t.is(status, 100);
  t.regex(output, /Field "1" .*type from "string" to "bytes"/);
});
