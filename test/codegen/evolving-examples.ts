/** The examples of docs/evolving-contracts.md: what they claim, and the contracts before and after. */
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { root } from "./contracts.ts";

/** What an example claims of its change. */
export type Claim =
  /** `buf breaking` passes it, and everybody is found where they were. */
  | "safe"
  /** `buf breaking` refuses it by these rules. */
  | "refused"
  /** `buf breaking` refuses it by these rules, but everybody is found where they were. */
  | "renamed"
  /** `buf breaking` passes it, and somebody is not found any more. */
  | "unseen";

export interface Example {
  /** Where it begins: for the titles of tests. */
  readonly line: number;
  readonly claim: Claim;
  readonly rules: readonly string[];
  readonly before: string;
  readonly after: string;
}

const page = readFileSync(join(root, "docs/evolving-contracts.md"), "utf8");

/** The contract that the examples change. */
export const published: string = readFileSync(
  join(root, "test/contracts/v1/proto/board/v1/board.proto"),
  "utf8",
);

/** The exception that lets a rename pass, as a part of `buf.yaml`. */
export const exception: string = bodyAfter(page.indexOf("<!-- exception -->"));

/** All examples, in the order of the page. */
export function readExamples(): Example[] {
  const examples: Example[] = [];
  for (const { index, [1]: words = "" } of page.matchAll(
    /^<!-- example: (.*) -->$/gm,
  )) {
    const [head = "", from] = words.split(", from ");
    const [claim = "", ...rules] = head.split(" ");
    const before =
      from === undefined
        ? published
        : examples.find((example) => example.claim === from)?.after;
    if (before === undefined) throw new Error(`no example "${from}" yet`);
    const line = page.slice(0, index).split("\n").length;
    const after = patch(before, bodyAfter(index), line);
    examples.push({ line, claim: claim as Claim, rules, before, after });
  }
  return examples;
}

/** The fenced block that follows. */
function bodyAfter(index: number): string {
  const block = /```\w+\n([^]*?)^```/m.exec(page.slice(index));
  if (block === null) throw new Error("no block follows");
  return block[1] ?? "";
}

/** Do to a text what a diff says. Its hunks are divided by `@@`, and each finds its place by its own lines. */
function patch(text: string, diff: string, line: number): string {
  return diff.split(/^@@\n/m).reduce((patched, hunk) => {
    const side = (other: string): string =>
      hunk
        .split("\n")
        .filter((row) => !row.startsWith(other))
        .map((row) => row.slice(1))
        .join("\n");
    const [found, ...more] = [...patched.matchAll(literally(side("+")))];
    if (found === undefined || more.length > 0)
      throw new Error(
        `docs/evolving-contracts.md:${line}: a hunk fits ${more.length} places`,
      );
    return patched.replace(side("+"), () => side("-"));
  }, text);
}

function literally(text: string): RegExp {
  return new RegExp(text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&"), "g");
}
