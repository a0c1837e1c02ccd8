/**
 * The house rules, run. Each rule reads all of `src/` and must find nothing; and each is shown a planted violation,
 * which it must find, so that no rule can pass by looking at nothing.
 */
import test from "ava";

import { circleFindings } from "./tidy/circles.ts";
import { functionsOf, parameterCount } from "./tidy/functions.ts";
import {
  importFindings,
  importsOf,
  userImportFindings,
} from "./tidy/imports.ts";
import { quoteFindings } from "./tidy/quotes.ts";
import { type PackageJson, reachFindings } from "./tidy/reach.ts";
import {
  floors,
  hostRooms,
  laboratory,
  longFiles,
  production,
  wideFunctions,
  wordExceptions,
  writtenOut,
} from "./tidy/rooms.ts";
import {
  constructFindings,
  doorCommentFindings,
  fileLengthFindings,
  fileNameFindings,
  functionFindings,
  inheritanceFindings,
  leftoverFindings,
  moduleVariableFindings,
  spreadFindings,
} from "./tidy/shape.ts";
import {
  blank,
  readRootFile,
  readTree,
  type SourceFile,
  sourceFile,
} from "./tidy/source.ts";
import { bannedWords, wordFindings } from "./tidy/words.ts";

const sources = readTree("src", [".ts"]);
const everything = [
  ...sources,
  ...["test", "examples", "bench"].flatMap((folder) =>
    readTree(folder, [".ts"]),
  ),
];
const packageJson = JSON.parse(
  readRootFile("package.json") ?? "{}",
) as PackageJson & {
  dependencies: Record<string, string>;
};
const packages = new Set(Object.keys(packageJson.dependencies));

/** Findings of a rule in a text that stands at `path`. */
function planted(
  path: string,
  text: string,
  rule: (file: SourceFile) => string[],
): string[] {
  return rule(sourceFile(path, text));
}

const imports = (file: SourceFile): string[] => importFindings(file, packages);

test("the house has files to look at", (t) => {
  t.true(sources.length > 20);
  t.true(sources.some((file) => file.path === "src/core/index.ts"));
});

// ---------------------------------------------------------------- imports

test("rooms import downwards, through doors, within their column", (t) => {
  t.deepEqual(sources.flatMap(imports), []);
});

test("the floor plan has every room once, and every column only rooms", (t) => {
  const rooms = floors.flat();
  t.is(new Set(rooms).size, rooms.length);
  t.deepEqual(
    [...production, ...laboratory, ...hostRooms].filter(
      (room) => !rooms.includes(room),
    ),
    [],
  );
});

const badImports: [
  title: string,
  path: string,
  specifier: string,
  complaint: RegExp,
][] = [
  [
    "an import upwards",
    "src/core/time.ts",
    "../rpc/index.ts",
    /rpc \(floor 4\) is not below core/,
  ],
  [
    "an import sideways",
    "src/wire/frame.ts",
    "../node/index.ts",
    /not below wire/,
  ],
  [
    "an import of the roof",
    "src/cli/main.ts",
    "../sim.ts",
    /files directly in src\//,
  ],
  [
    "a laboratory that imports production",
    "src/runner/report.ts",
    "../transport/index.ts",
    /must not know production/,
  ],
  [
    "production that imports the laboratory",
    "src/actors/host.ts",
    "../sim/index.ts",
    /must not know the laboratory/,
  ],
  [
    "production that imports real providers",
    "src/transport/peer.ts",
    "../node/index.ts",
    /given its providers/,
  ],
  [
    "the production surface with laboratory",
    "src/index.ts",
    "./sim/index.ts",
    /must not know the laboratory/,
  ],
  [
    "the laboratory surface with production",
    "src/sim.ts",
    "./rpc/index.ts",
    /must not know production/,
  ],
  ["a surface in no column", "src/extra.ts", "./core/index.ts", /in no column/],
  [
    "build-time code at run time",
    "src/rpc/client.ts",
    "../codegen/index.ts",
    /codegen runs at build time/,
  ],
  [
    "a side entrance",
    "src/transport/peer.ts",
    "../wire/frame.ts",
    /through the door, src\/wire\/index.ts/,
  ],
  ["a missing ending", "src/core/time.ts", "./errors", /ending \.ts/],
  ["the compiled ending", "src/core/time.ts", "./errors.js", /ending \.ts/],
  [
    "a way out of src",
    "src/core/time.ts",
    "../../test/tidy/rooms.ts",
    /nothing outside itself/,
  ],
  [
    "a spec in a room that the package exports",
    "src/rpc/server.ts",
    "../../gen/grpc/health/v1/health_rpc.ts",
    /take the spec as a parameter/,
  ],
  [
    "generated code of the examples",
    "src/rpc/server.ts",
    "../../gen/bank/v1/bank_pb.ts",
    /except gen\/wavetank\/ and gen\/grpc\//,
  ],
  [
    "a room that is on no floor",
    "src/attic/box.ts",
    "../core/index.ts",
    /attic is on no floor/,
  ],
  [
    "a development dependency",
    "src/core/time.ts",
    "ava",
    /no dependency in package.json/,
  ],
  [
    "its own package",
    "src/rpc/call.ts",
    "wavetank/core",
    /import the room itself/,
  ],
];
for (const [title, path, specifier, complaint] of badImports) {
  test(`the rule about imports finds ${title}`, (t) => {
    for (const text of [
      `import { x } from "${specifier}";`,
      `export * from "${specifier}";`,
      `await import("${specifier}")`,
    ]) {
      const [finding] = planted(path, text, imports);
      t.regex(finding ?? "nothing", complaint);
      t.true(finding?.startsWith(`${path}:1 `));
    }
  });
}

test("the rule about imports allows what is allowed", (t) => {
  const allowed: [path: string, specifier: string][] = [
    ["src/rpc/call.ts", "../transport/index.ts"],
    ["src/rpc/call.ts", "./client.ts"],
    ["src/rpc/call.ts", "../base/queue.ts"],
    ["src/rpc/call.ts", "../../gen/wavetank/options/v1/options_pb.ts"],
    ["src/services/health.ts", "../../gen/grpc/health/v1/health_rpc.ts"],
    ["src/rpc/call.ts", "@bufbuild/protobuf/wire"],
    ["src/sim.ts", "./runner/index.ts"],
    ["src/runner/run.ts", "../node/index.ts"],
    ["src/cli/run.ts", "../runner/index.ts"],
    ["src/cli/run.ts", "../rpc/index.ts"],
  ];
  for (const [path, specifier] of allowed)
    t.deepEqual(
      planted(path, `import { x } from "${specifier}";`, imports),
      [],
    );
});

test("the rule about imports sees through comments, texts and line breaks", (t) => {
  const text = [
    `// import { a } from "../rpc/index.ts";`,
    `f.import("UID"); const message = 'import { b } from "../rpc/index.ts"';`,
    `import {`,
    `  c,`,
    `} from "../sim/index.ts";`,
    `new Worker(new URL("./worker.js", import.meta.url));`,
  ].join("\n");
  t.deepEqual(
    importsOf(sourceFile("src/core/time.ts", text)).map(({ line, target }) => [
      line,
      target,
    ]),
    [
      [5, "src/sim/index.ts"],
      [6, "src/core/worker.js"],
    ],
  );
});

test("examples import the package as its users do", (t) => {
  t.deepEqual(readTree("examples", [".ts"]).flatMap(userImportFindings), []);
  const finding = planted(
    "examples/bank/bank.ts",
    `import { UID } from "../../src/index.ts";`,
    userImportFindings,
  );
  t.regex(finding[0] ?? "nothing", /as users do/);
});

// ---------------------------------------------------------------- words

test("nothing depends on the machine outside the rooms that meet it", (t) => {
  t.deepEqual(sources.flatMap(wordFindings), []);
});

const badLines: [word: string, lines: string[]][] = [
  ["Date.now", ["const t = Date.now();", "const clock = globalThis.Date.now;"]],
  ["new Date", ["const d = new Date();"]],
  ["Date()", ["const d = Date();"]],
  [
    "performance",
    ["const t = performance.now();", "const t = globalThis.performance.now();"],
  ],
  ["Math.random", ["const r = Math.random();"]],
  ["crypto", ["const id = crypto.randomUUID();"]],
  ["Math.pow", ["const p = Math.pow(2, 3);"]],
  ["**", ["const p = 2 ** 3;", "x **= 2;"]],
  [
    "setTimeout",
    [
      "setTimeout(f, 1);",
      "globalThis.setTimeout(f, 1);",
      "const later = setTimeout;",
    ],
  ],
  ["setInterval", ["setInterval(f, 1);"]],
  ["setImmediate", ["setImmediate(f);"]],
  [
    "process",
    [
      "process.exit(1);",
      "const e = globalThis.process.env;",
      "run(...process.argv);",
    ],
  ],
  ["console", ["console.log(1);"]],
  ["toLocale", ["n.toLocaleString();"]],
  ["localeCompare", ["a.localeCompare(b);"]],
  ["Intl", ["new Intl.NumberFormat();"]],
  ["FinalizationRegistry", ["new FinalizationRegistry(f);"]],
  ["WeakRef", ["new WeakRef(o);"]],
  ["AbortSignal.timeout", ["AbortSignal.timeout(5);"]],
  ["AbortSignal.any", ["AbortSignal.any([a, b]);"]],
  ["AsyncLocalStorage", ["new AsyncLocalStorage();"]],
];

test("every banned word has a planted line", (t) => {
  t.deepEqual(
    badLines.map(([word]) => word).sort(),
    bannedWords.map(({ word }) => word).sort(),
  );
});

for (const [word, lines] of badLines) {
  test(`the rule about words finds ${word}`, (t) => {
    for (const line of lines) {
      t.regex(
        planted("src/core/time.ts", line, wordFindings).join("\n"),
        new RegExp(`uses ${escape(word)}: `),
        line,
      );
      t.regex(
        planted(
          "src/core/time.ts",
          "f(`${" + line.replace(";", "") + "}`);",
          wordFindings,
        )[0] ?? line,
        /uses/,
      );
      t.deepEqual(
        planted("src/node/time.ts", line, wordFindings),
        [],
        "node/ is where such things live",
      );
      for (const harmless of [
        `// ${line}`,
        `/* ${line} */`,
        `const s = "${line}";`,
        `const r = /[/"']/; // ${line}`,
      ]) {
        t.deepEqual(
          planted("src/core/time.ts", harmless, wordFindings),
          [],
          harmless,
        );
      }
    }
  });
}

test("the rule about words finds node: modules, however they are imported", (t) => {
  for (const text of [
    `import fs from "node:fs";`,
    `import "node:fs";`,
    `await import("node:fs");`,
  ]) {
    t.regex(
      planted("src/core/time.ts", text, wordFindings)[0] ?? "nothing",
      /uses node:fs/,
    );
  }
});

test("the rule about words leaves properties of the same name alone", (t) => {
  const text =
    "socket.setTimeout(5); world.process.kill(); const processes = 1; subprocess.x; a * b; /** doc */ f(a);";
  t.deepEqual(planted("src/core/time.ts", text, wordFindings), []);
});

test("exceptions to the rule about words are used, and reach no further than they say", (t) => {
  for (const { file, words, why } of wordExceptions) {
    t.true(why.length > 10);
    t.true(
      sources.some(({ path }) => path.startsWith(file)),
      `${file} does not exist: take the exception out`,
    );
    t.true(words.length > 0);
  }
  t.is(
    planted(
      "src/sim/settle.ts",
      "process.exit(); setTimeout(f, 1);",
      wordFindings,
    ).length,
    1,
  );
  t.is(planted("src/sim/world.ts", "process.exit();", wordFindings).length, 1);
});

// ---------------------------------------------------------------- size and shape

test("files are short", (t) => {
  t.deepEqual(
    sources.flatMap((file) => fileLengthFindings(file)),
    [],
  );
  t.deepEqual(
    Object.keys(longFiles).filter(
      (path) => !sources.some((file) => file.path === path),
    ),
    [],
    "excused files that do not exist",
  );
});

test("the rule about file length finds long files, unexcused ones and stale excuses", (t) => {
  const file = (lines: number): SourceFile =>
    sourceFile("src/core/x.ts", "x;\n".repeat(lines));
  const excuse = { "src/core/x.ts": "a table" };
  t.deepEqual(fileLengthFindings(file(250), {}), []);
  t.deepEqual(fileLengthFindings(file(400), excuse), []);
  t.regex(
    fileLengthFindings(file(251), {})[0] ?? "nothing",
    /251 lines: split it, or give the reason/,
  );
  t.regex(
    fileLengthFindings(file(401), excuse)[0] ?? "nothing",
    /401 lines: 400 is the limit/,
  );
  t.regex(
    fileLengthFindings(file(10), excuse)[0] ?? "nothing",
    /no longer needed/,
  );
});

test("functions are short and take few parameters", (t) => {
  t.deepEqual(
    sources.flatMap((file) => functionFindings(file)),
    [],
  );
});

test("excuses of wide functions are needed", (t) => {
  const wide = sources.flatMap((file) =>
    functionsOf(file)
      .filter(({ parameters }) => parameters > 3)
      .map(({ name }) => `${file.path}#${name}`),
  );
  t.deepEqual(
    Object.keys(wideFunctions).filter((key) => !wide.includes(key)),
    [],
    "excuses that are no longer needed",
  );
});

const body = (lines: number): string => `{\n${"  x();\n".repeat(lines - 2)}}`;
const headers = [
  "function f(a: number): void ",
  "export async function* f<T extends { a: string }>(a: T): AsyncGenerator<{ b: T }> ",
  "const f = (a: number): Map<string, number> => ",
  "const f = async <T,>(a: (b: T) => void): Promise<{ x: T } | undefined> => ",
  "const f = function (a) ",
  "function f(value: unknown): value is { a: 1 } ",
  "function f(value: unknown): asserts value ",
  "function f(): (x: number) => string ",
  "class A { constructor(a = { b: 1 }) ",
  "class A { get a(): string ",
  "class A { async #m(a: `x${string}`) ",
  "class A { static [Symbol.dispose](): void ",
  "test('title', async (t) => ",
];
for (const header of headers) {
  test(`the rule about function length measures ${header.trim()}`, (t) => {
    const find = (lines: number): string[] =>
      planted("src/core/x.ts", header + body(lines), functionFindings);
    t.deepEqual(find(70), []);
    t.regex(find(71)[0] ?? "nothing", /has 71 lines: 70 is the limit/);
  });
}

test("the rule about function length takes no other block for a function", (t) => {
  for (const header of [
    "if (a) ",
    "for await (const a of b) ",
    "while (a()) ",
    "switch (a) ",
    "const o = f(a) ?? ",
    "class A extends B ",
  ]) {
    t.deepEqual(
      planted("src/core/x.ts", header + body(90), functionFindings),
      [],
      header,
    );
  }
});

test("the rule about parameters counts positions, not commas", (t) => {
  t.is(parameterCount(""), 0);
  t.is(parameterCount("a, b, c,"), 3);
  t.is(
    parameterCount(
      "{ a, b }: { a: 1, b: 2 }, m: Map<string, (x: A, y: B) => C>, ...rest: [D, E]",
    ),
    3,
  );
  t.is(parameterCount("a: A, b: B, c: C, options: Options = {}"), 3);
  t.is(parameterCount("a: A, { b, c }: Options"), 1);
  t.is(parameterCount("options: Options, a: A"), 2);
  t.is(
    parameterCount("this: Window, a = f(1, 2), b = [1, 2], c?: string, d = 1"),
    4,
  );
  const wide = planted(
    "src/core/x.ts",
    "function f(a, b, c, d) {}",
    functionFindings,
  );
  t.regex(wide[0] ?? "nothing", /f takes 4 positional parameters/);
  t.deepEqual(
    planted("src/core/x.ts", "function f(a, b, c) {}", functionFindings),
    [],
  );
});

test("no default exports, enums, namespaces, decorators or parameter properties", (t) => {
  t.deepEqual(sources.flatMap(constructFindings), []);
});

const badConstructs: [what: string, text: string][] = [
  ["a default export", "export default class A {}"],
  ["a default export", "export { a as default };"],
  ["an enum", "export const enum Colour { Red }"],
  ["a namespace", "export namespace A { }"],
  ["a namespace", "declare global { }"],
  ["a decorator", "@sealed\nclass A {}"],
  ["a decorator", "class A { @bound m() {} }"],
  [
    "a parameter property",
    "class A { constructor(a: number, private readonly b: string) {} }",
  ],
];
for (const [what, text] of badConstructs) {
  test(`the rule about constructs finds ${what} in ${text.split("\n")[0]}`, (t) => {
    t.regex(
      planted("src/core/x.ts", text, constructFindings)[0] ?? "nothing",
      new RegExp(`has ${what}: `),
    );
    t.deepEqual(
      planted(
        "src/core/x.ts",
        `// ${text.replaceAll("\n", " ")}`,
        constructFindings,
      ),
      [],
    );
  });
}

test("objects that every message meets are written out", (t) => {
  t.deepEqual(sources.flatMap(spreadFindings), []);
  for (const path of writtenOut) {
    t.true(
      sources.some((file) => file.path === path),
      `${path} is there`,
    );
    const text = "const parts = { a, ...{ b, c } };";
    t.is(planted(path, text, spreadFindings).length, 1);
  }
});

test("classes inherit from errors only", (t) => {
  t.deepEqual(sources.flatMap(inheritanceFindings), []);
  t.regex(
    planted(
      "src/core/x.ts",
      "class A<T extends B> extends Base<T> {}",
      inheritanceFindings,
    )[0] ?? "",
    /from Base/,
  );
  t.deepEqual(
    planted(
      "src/core/x.ts",
      "class A<C extends K = K> extends CodedError<D, C> {}",
      inheritanceFindings,
    ),
    [],
  );
});

test("modules hold no variables", (t) => {
  t.deepEqual(moduleVariableFindings(sources), []);
});

test("the rule about module variables finds them, and counts those that are allowed", (t) => {
  const file = (path: string): SourceFile =>
    sourceFile(path, "function f() { let x = 1; }\nexport let current = 1;\n");
  t.deepEqual(moduleVariableFindings([file("src/core/x.ts")]), [
    "src/core/x.ts:2 has a variable of the module: keep the state in an object that is passed",
  ]);
  t.deepEqual(
    moduleVariableFindings([
      file("src/assertions/table.ts"),
      file("src/sim/current.ts"),
    ]),
    [],
  );
  t.is(
    moduleVariableFindings([file("src/sim/a.ts"), file("src/sim/b.ts")]).length,
    1,
  );
  t.is(
    moduleVariableFindings([
      sourceFile("src/core/x.ts", "var a;\nlet [b] = c;\nlet { d } = e;"),
    ]).length,
    3,
  );
});

test("files have plain names", (t) => {
  t.deepEqual(sources.flatMap(fileNameFindings), []);
  t.is(planted("src/core/FrameReader.ts", "", fileNameFindings).length, 1);
  t.is(planted("src/core/frame_reader.ts", "", fileNameFindings).length, 1);
});

test("nothing is left to do", (t) => {
  t.deepEqual(everything.flatMap(leftoverFindings), []);
  t.is(
    planted("src/core/x.ts", `// ${"TO" + "DO"}: more`, leftoverFindings)
      .length,
    1,
  );
  t.is(
    planted("src/core/x.ts", `// ${"FIX" + "ME"}`, leftoverFindings).length,
    1,
  );
});

test("doors say what the room is and what it may import", (t) => {
  t.deepEqual(sources.flatMap(doorCommentFindings), []);
  t.is(
    planted("src/core/index.ts", `export * from "./a.ts";`, doorCommentFindings)
      .length,
    1,
  );
  t.is(
    planted(
      "src/core/index.ts",
      `/** The core. */\nexport * from "./a.ts";`,
      doorCommentFindings,
    ).length,
    1,
  );
});

// ---------------------------------------------------------------- reach and quotes

test("every file is reached from an entry point or a door, and every entry point exists", (t) => {
  t.deepEqual(reachFindings(sources, packageJson), []);
});

test("the rule about reach finds dead files and missing entry points", (t) => {
  const files = [
    sourceFile("src/index.ts", `export * from "./core/index.ts";`),
    sourceFile("src/core/index.ts", `export * from "./a.ts";`),
    sourceFile(
      "src/core/a.ts",
      `new Worker(new URL("./worker.js", import.meta.url));`,
    ),
    sourceFile("src/core/worker.ts", ""),
    sourceFile("src/core/dead.ts", `export * from "./a.ts";`),
  ];
  const findings = reachFindings(files, {
    exports: {
      ".": { default: "./dist/src/index.js" },
      "./package.json": "./package.json",
    },
    bin: { wavetank: "./dist/src/cli/main.js" },
  });
  t.is(findings.length, 2);
  t.regex(findings[0] ?? "", /offers src\/cli\/main.ts, which does not exist/);
  t.regex(findings[1] ?? "", /src\/core\/dead.ts is imported by nobody/);
});

test("no files load each other in a circle", (t) => {
  t.deepEqual(circleFindings(sources), []);
});

test("the rule about circles finds them, however long they are, and lets types go round", (t) => {
  const files = [
    sourceFile("src/a.ts", `import { b } from "./b.ts";`),
    sourceFile("src/b.ts", `export * from "./c/c.ts";`),
    sourceFile("src/c/c.ts", `import {\n  type A,\n  a,\n} from "../a.ts";`),
    sourceFile("src/d.ts", `import { e } from "./e.ts";`),
    sourceFile(
      "src/e.ts",
      `import type { D } from "./d.ts";\nexport type { D } from "./d.ts";`,
    ),
  ];
  t.deepEqual(circleFindings(files), [
    "src/c/c.ts:1 closes a circle, src/a.ts -> src/b.ts -> src/c/c.ts -> src/a.ts: give what both need a file of its own",
  ]);
});

const read = (path: string): string | undefined =>
  path.startsWith("..") ? undefined : readRootFile(path);

test("code in the documentation is quoted from code that runs", (t) => {
  const readme = readRootFile("README.md");
  t.truthy(readme, "README.md is missing");
  t.deepEqual(
    quoteFindings("README.md", readme ?? "", { read, strict: true }),
    [],
  );
  const pages = readTree("docs", [".md"]);
  t.deepEqual(
    pages.flatMap(({ path, text }) =>
      quoteFindings(path, text, { read, strict: false }),
    ),
    [],
  );
});

test("the rule about quotes finds a changed line, a missing file and a missing marker", (t) => {
  const original = "class A {\n  m() {\n    return 1;\n  }\n}\n";
  const find = (markdown: string, strict = true): string[] =>
    quoteFindings("README.md", markdown, {
      read: (path) => (path === "a.ts" ? original : undefined),
      strict,
    });
  const quote = (code: string, path = "a.ts"): string =>
    `<!-- quoted from ${path} -->\n\n\`\`\`ts\n${code}\n\`\`\`\n`;
  t.deepEqual(find(quote("  m() {\n    return 1;\n  }")), []);
  t.deepEqual(
    find(quote("m() {\n  return 1;\n}")),
    [],
    "indentation may be dropped",
  );
  t.regex(
    find(quote("m() {\n  return 2;\n}"))[0] ?? "nothing",
    /differs from a\.ts/,
  );
  t.regex(
    find(quote("m() {\n    return 1;\n}"))[0] ?? "nothing",
    /differs from a\.ts/,
  );
  t.regex(find(quote("x", "b.ts"))[0] ?? "nothing", /does not exist/);
  t.regex(
    find("text\n```ts\nx\n```\n")[0] ?? "nothing",
    /say where the block is from/,
  );
  t.deepEqual(find("text\n```ts\nx\n```\n", false), []);
  t.deepEqual(find("text\n```sh\nx\n```\n"), []);
});

// ---------------------------------------------------------------- the scanner all of this rests on

test("the scanner blanks comments and literals and keeps every offset", (t) => {
  const text =
    'a("x // y", `t ${b("}") /* c */ + `${d}`} u`, /[/]"/g, e / f / g); // h\n/** i */ j;';
  const code = blank(text, ["comment", "literal"]);
  t.is(code.length, text.length);
  t.is(
    code.replace(/\s+/g, " "),
    'a(" ", ` ${b(" ") + `${d}`} `, / /g, e / f / g); j;',
  );
});

test("the scanner survives texts that end too early", (t) => {
  for (const text of ['"abc', "`abc ${d", "/* abc", "/abc", "'a\\", "`a\\"]) {
    t.is(blank(text, ["comment", "literal"]).length, text.length, text);
  }
});

function escape(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
