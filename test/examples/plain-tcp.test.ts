/** A line protocol with the simulator alone: it survives, its mistakes are found, and nothing of production is loaded. */
import { once } from "node:events";
import { connect } from "node:net";
import { createInterface } from "node:readline";
import test from "ava";

import acknowledgesBeforeSync from "../../examples/plain-tcp/broken/acknowledges-before-sync.sim.ts";
import takesReadsForLines from "../../examples/plain-tcp/broken/takes-reads-for-lines.sim.ts";
import scores from "../../examples/plain-tcp/plain-tcp.sim.ts";
import { filesLoaded, whileRunning } from "./programs.ts";

const production = /^dist\/(gen|src\/(wire|transport|rpc|actors|codegen))\//;

test("wavetank/sim loads nothing of the transport, of RPC or of actors", async (t) => {
  const files = await filesLoaded("dist/examples/plain-tcp/plain-tcp.sim.js");
  for (const file of ["examples/plain-tcp/scores.js", "src/sim/world.js"])
    t.true(files.includes(`dist/${file}`), `${file} is loaded`);
  t.deepEqual(
    files.filter((file) => production.test(file)),
    [],
  );
  t.deepEqual(
    files.filter((file) => !file.startsWith("dist/")),
    [],
    "and no package",
  );
});

test("a simulation that uses RPC loads them, so the list sees the difference", async (t) => {
  const files = await filesLoaded("dist/examples/bank/bank.sim.js");
  for (const room of ["wire", "transport", "rpc"]) {
    const some = files.some((file) => file.startsWith(`dist/src/${room}/`));
    t.true(some, room);
  }
});

test.serial("the right scores survive 100 seeds", async (t) => {
  const report = await scores.run({ seeds: 100, base: 1 });
  t.deepEqual(report.failed, []);
  t.deepEqual(report.problems, []);
  t.is(report.ghostCalls, 0);
});

for (const [simulation, message] of [
  [takesReadsForLines, "the newest score is the best"],
  [acknowledgesBeforeSync, "no score is forgotten"],
] as const) {
  test.serial(
    `scores with the mistake ${simulation.name} are found within 100 seeds, and replayed`,
    async (t) => {
      const report = await simulation.run({
        seeds: 100,
        base: 1,
        failuresMax: 1,
      });
      const [found] = report.failed;
      if (found === undefined) return t.fail("it was not found");
      t.log(`after ${report.fingerprints.size} seeds`);
      t.true(found.failures.some((failure) => failure.message === message));
      const replay = await simulation.run({ seeds: [found.seed] });
      t.deepEqual(replay.failed, report.failed);
    },
  );
}

test("the same server keeps scores over TCP", async (t) => {
  const code = await whileRunning(
    "dist/examples/plain-tcp/main.js",
    async (address) => {
      const [host = "", port] = address.split(":");
      const socket = connect(Number(port), host);
      const lines = createInterface(socket);
      for (const [said, answer] of [
        ["SCORE alice 12", "BEST 12"],
        ["SCORE alice 7", "BEST 12"],
        ["BEST bob", "BEST 0"],
        ["HELLO", "ERROR what is HELLO?"],
      ] as const) {
        socket.write(`${said}\n`);
        const [line] = (await once(lines, "line")) as [string];
        t.is(line, answer);
      }
      socket.destroy();
    },
  );
  t.is(code, 0);
});
