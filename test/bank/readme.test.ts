/** The failure that the README shows is one that its readers can have. */
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { promisify } from "node:util";

import test from "ava";

const run = promisify(execFile);
const root = new URL("../../../", import.meta.url);

test("the failure in the README is what its replay line shows", async (t) => {
  const readme = readFileSync(new URL("README.md", root), "utf8");
  const block = /```\n(✗ [^`]*)```/.exec(readme)?.[1] ?? "";
  const [broke, replay, details] = block.split("\n");
  const words = replay?.replace("  replay: npx wavetank ", "").split(" ") ?? [];
  t.is(words[0], "replay");
  const failed = await t.throwsAsync(
    run(process.execPath, ["dist/src/cli/main.js", ...words], { cwd: root }),
  );
  const { stdout } = failed as unknown as { stdout: string };
  for (const line of [broke, replay, details]) {
    t.true(stdout.includes(`\n${line}\n`), `shows ${line}`);
  }
});
