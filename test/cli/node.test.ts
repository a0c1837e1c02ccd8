/** `wavetank node`: a simulation on real clocks, sockets and files. */
import { mkdtempSync, readdirSync, rmdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "ava";

import { fixture, interrupted, wavetank } from "./support.ts";

test("wavetank node runs the bank on real providers and exits with 0", async (t) => {
  const { code, stdout } = await wavetank(
    ...["node", "dist/examples/bank/bank.sim.js"],
    ...["--run-ms", "300", "--seed", "7"],
  );
  const lines = stdout.split("\n");
  t.is(code, 0, stdout);
  t.regex(
    lines[0] ?? "",
    /^✓ bank {2}on real providers, seed 7 · (\d) of \1 succeeded \(100 %\) · /,
  );
  t.regex(stdout, /\n✓ process bank/);
  t.regex(stdout, /\n✓ workload transfers-1 {2}/);
  t.regex(stdout, /\n✓ money is conserved {2}\d+×\n/);
});

test("wavetank node names the workload that failed and exits with 1", async (t) => {
  const { code, stdout } = await wavetank(
    "node",
    fixture("node-failing.sim.js"),
  );
  t.is(code, 1);
  const [summary, sound, unsound] = stdout.split("\n");
  t.regex(summary ?? "", /^✗ half .* 1 of 2 succeeded \(50 %\)/);
  t.regex(sound ?? "", /^✓ workload sound {2}/);
  t.is(unsound, "✗ workload unsound: run: Error: boom");
});

test("wavetank node ends at Ctrl-C with 130, says who was interrupted, and leaves no folder", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "wavetank-cli-"));
  const { code, stdout } = await interrupted(
    ["node", fixture("node-endless.sim.js")],
    { TMPDIR: folder },
  );
  t.is(code, 130);
  t.regex(stdout, /^begun\n✗ waits .* · aborted\n/);
  t.regex(stdout, /\n✗ workload work: run: was interrupted\n/);
  t.deepEqual(readdirSync(folder), []);
  rmdirSync(folder);
});
