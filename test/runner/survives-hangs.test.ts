/** A test that hangs has told by then which seeds it ran. */
import { spawn } from "node:child_process";
import { once } from "node:events";

import test from "ava";

const module = (path: string): string =>
  JSON.stringify(new URL(`../../src/${path}`, import.meta.url).href);

/** A simulation that never lets go of the thread, as a test without a seed. */
function program(options: string): string {
  return `
    import { survives } from ${module("ava.js")};
    import { SimulationBuilder } from ${module("runner/index.js")};
    const run = async () => { console.log("begun"); for (;;); };
    const stuck = new SimulationBuilder("stuck").workload(() => ({ name: "w", run }));
    await survives.exec({}, stuck, ${options});
  `;
}

/** What was on the screen when it hung. */
async function shownBy(options: string): Promise<string> {
  const child = spawn(
    process.execPath,
    ["--input-type=module", "--eval", program(options)],
    { env: { ...process.env, NODE_OPTIONS: "" } },
  );
  let shown = "";
  child.stderr.on("data", (text: Buffer) => (shown += text.toString()));
  await once(child.stdout, "data");
  child.kill("SIGKILL");
  await once(child, "close");
  return shown;
}

test("survives tells the seed that it drew before anything can hang", async (t) => {
  t.regex(await shownBy("{}"), /^stuck: seeds from base \d+\n$/);
});

test("survives that was given its seeds has nothing to tell", async (t) => {
  t.is(await shownBy("{ base: 7 }"), "");
  t.is(await shownBy("{ seeds: [7] }"), "");
});
