/** Which files of `src/` anybody can reach: from the package's exports and binaries, and from the doors of the rooms. */
import { importsOf } from "./imports.ts";
import { bundled } from "./rooms.ts";
import type { SourceFile } from "./source.ts";

/** The part of package.json that says what users can reach. */
export interface PackageJson {
  readonly exports?: Readonly<
    Record<string, string | { readonly default?: string }>
  >;
  readonly bin?: Readonly<Record<string, string>>;
}

/** The source files that package.json offers to users. */
export function entryPoints(packageJson: PackageJson): string[] {
  const exported = Object.values(packageJson.exports ?? {}).map((entry) =>
    typeof entry === "string" ? entry : (entry.default ?? ""),
  );
  return [...exported, ...Object.values(packageJson.bin ?? {})]
    .map((target) => target.replace(/^\.\//, ""))
    .filter(
      (target) => target !== "package.json" && !target.startsWith("dist/gen/"),
    )
    .map(
      (target) =>
        bundled[target] ??
        target.replace(/^dist\//, "").replace(/\.m?js$/, ".ts"),
    );
}

/** Entry points without a source file, and source files that no entry point and no door leads to. */
export function reachFindings(
  files: readonly SourceFile[],
  packageJson: PackageJson,
): string[] {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const entries = entryPoints(packageJson);
  const doors = files
    .map((file) => file.path)
    .filter((path) => /^src\/[^/]+\/index\.ts$/.test(path));
  const reached = closure([...entries, ...doors], byPath);
  return [
    ...entries
      .filter((path) => !byPath.has(path))
      .map(
        (path) =>
          `package.json offers ${path}, which does not exist: write it, or take the entry out`,
      ),
    ...files
      .filter((file) => !reached.has(file.path))
      .map(
        (file) =>
          `${file.path} is imported by nobody: export it through its room's door, or delete it`,
      ),
  ];
}

function closure(
  starts: readonly string[],
  byPath: ReadonlyMap<string, SourceFile>,
): Set<string> {
  const reached = new Set<string>();
  const waiting = [...starts];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    const file = byPath.get(path);
    if (file === undefined || reached.has(path)) continue;
    reached.add(path);
    // Workers are started from URLs that already have the compiled ending.
    waiting.push(
      ...importsOf(file).flatMap(({ target }) =>
        target === undefined ? [] : [target.replace(/\.js$/, ".ts")],
      ),
    );
  }
  return reached;
}
