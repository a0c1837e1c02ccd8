/** Runs checks against copies of the compiled package that have been broken on purpose. */
import { execFile } from "node:child_process";
import {
  cpSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { repositoryRoot } from "../tidy/source.ts";
import { failedExitCode, type Mutant } from "./defect.ts";

/** What became of a check: it held, it did not, or it could not be asked. */
export type Verdict = "held" | "failed" | "broken";

export interface Trial {
  readonly verdict: Verdict;
  /** What the check, or the machine, said. */
  readonly text: string;
}

const dist = join(repositoryRoot, "dist");
/** A mutant that hangs is killed, and killed it is. */
const hangsMs = 60_000;

/** A copy of the package and its tests, in which one mutant at a time can be planted. */
export class Nursery {
  readonly #folder = mkdtempSync(join(tmpdir(), "wavetank-mutants-"));

  constructor() {
    const filter = (path: string): boolean =>
      !/\.(map|d\.ts)$/.test(path) && !path.endsWith(".test.js");
    for (const part of [
      "gen",
      "src",
      "test/defects",
      "test/rpc",
      "test/sim",
      "test/runner",
      "test/transport",
      "test/wire",
    ])
      cpSync(join(dist, part), join(this.#folder, part), {
        recursive: true,
        filter,
      });
    writeFileSync(
      join(this.#folder, "package.json"),
      JSON.stringify({ type: "module" }),
    );
    symlinkSync(
      join(repositoryRoot, "node_modules"),
      join(this.#folder, "node_modules"),
    );
  }

  /** Ask the check with this title in a process of its own, with the mutant or without. */
  async ask(holds: string, mutant?: Mutant): Promise<Trial> {
    if (mutant === undefined) return this.#run(holds);
    const whole = edits(mutant).map((edit) => this.#plant(edit));
    try {
      return await this.#run(holds);
    } finally {
      for (const { path, text } of whole.reverse()) writeFileSync(path, text);
    }
  }

  close(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** Returns what was there before. */
  #plant(edit: Mutant): { path: string; text: string } {
    const path = join(this.#folder, "src", `${edit.file}.js`);
    const text = readFileSync(path, "utf8");
    writeFileSync(path, mutated(text, edit));
    return { path, text };
  }

  #run(holds: string): Promise<Trial> {
    const child = join(this.#folder, "test/defects/mutant-child.js");
    return new Promise((resolve) => {
      execFile(
        process.execPath,
        [child, holds],
        { timeout: hangsMs },
        (error, stdout, stderr) => {
          const verdict = verdictOf(error as ExitError | null);
          resolve({ verdict, text: stdout + stderr });
        },
      );
    });
  }
}

interface ExitError extends Error {
  readonly killed?: boolean;
  readonly code?: number | string;
}

function verdictOf(error: ExitError | null): Verdict {
  if (error === null) return "held";
  return error.killed === true || error.code === failedExitCode
    ? "failed"
    : "broken";
}

/** All lines that a mutant changes. */
export function edits(mutant: Mutant): Mutant[] {
  const { also } = mutant;
  return also === undefined ? [mutant] : [mutant, ...edits(also)];
}

/** Replace the line. A mutant that no longer fits is out of date, and would prove nothing. */
export function mutated(text: string, { file, from, to }: Mutant): string {
  const places = text.split(from).length - 1;
  if (places === 1) return text.replace(from, () => to);
  throw new Error(
    `the mutant of src/${file} fits ${places} places, not one: bring "${from}" up to date with dist/src/${file}.js`,
  );
}
