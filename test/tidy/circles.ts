/** Files that load each other in a circle: what runs first then depends on who is asked first. */
import { posix } from "node:path";

import { lineAt, type SourceFile } from "./source.ts";

interface Load {
  readonly target: string;
  readonly line: number;
}

/** Every import that closes a circle. Those of types alone load nothing. */
export function circleFindings(files: readonly SourceFile[]): string[] {
  const loads = new Map(files.map((file) => [file.path, loadsOf(file)]));
  const done = new Set<string>();
  const findings: string[] = [];
  const visit = (path: string, trail: readonly string[]): void => {
    const own = [...trail, path];
    for (const { target, line } of loads.get(path) ?? []) {
      const start = own.indexOf(target);
      if (start >= 0)
        findings.push(
          `${path}:${line} closes a circle, ${[...own.slice(start), target].join(" -> ")}: give what both need a file of its own`,
        );
      else if (!done.has(target)) visit(target, own);
    }
    done.add(path);
  };
  for (const { path } of files) if (!done.has(path)) visit(path, []);
  return findings;
}

function loadsOf(file: SourceFile): Load[] {
  return [...file.uncommented.matchAll(loadPattern)]
    .filter((match) => file.code[match.index] !== " ")
    .map((match) => ({
      target: posix.join(posix.dirname(file.path), match[1] ?? ""),
      line: lineAt(file.text, match.index),
    }));
}

const loadPattern =
  /^(?:import|export)\s(?!type\s)[^;"']*["'](\.[^"'\n]+)["']/gm;
