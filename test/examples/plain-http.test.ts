/** An HTTP server as one finds it everywhere, in the tank and on TCP. */
import test from "ava";

import simulation from "../../examples/plain-http/plain-http.sim.ts";
import { whileRunning } from "./programs.ts";

test.serial(
  "plain HTTP survives 24 seeds, in the same way each time",
  async (t) => {
    const report = await simulation.run({ seeds: 24, base: 1 });
    t.deepEqual(report.failed, []);
    t.deepEqual(report.problems, []);
    t.is(report.ghostCalls, 0);
    const again = await simulation.run({ seeds: 6, base: 1 });
    t.deepEqual([...again.fingerprints], [...report.fingerprints].slice(0, 6));
  },
);

test("the same server answers over TCP", async (t) => {
  const code = await whileRunning(
    "dist/examples/plain-http/main.js",
    async (address) => {
      const hello = await fetch(`http://${address}/hello`);
      t.is(await hello.text(), "hello\n");
      const body = "what one says ".repeat(10_000);
      const echo = await fetch(`http://${address}/echo`, {
        method: "POST",
        body,
      });
      t.is(await echo.text(), body);
      const nowhere = await fetch(`http://${address}/nowhere`);
      t.is(nowhere.status, 404);
    },
  );
  t.is(code, 0);
});
