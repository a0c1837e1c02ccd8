/** Plain `node:http`, server and client, while the network breaks and servers die. */
import type { Agent } from "node:http";
import { httpAgent, serveHttp } from "wavetank/node";
import {
  assertAlways,
  assertSometimes,
  type SimContext,
  SimulationBuilder,
  type Workload,
} from "wavetank/sim";

import { app } from "./app.ts";
import { type Answer, ask } from "./client.ts";

const port = 80;

/** Greets, sends texts to have them echoed, and asks for what is not there. */
class Visitor implements Workload {
  readonly name = "visitor";
  #agent: Agent | undefined;

  async setup(ctx: SimContext): Promise<void> {
    this.#agent = httpAgent(ctx.providers, { keepAlive: true });
  }

  async run(ctx: SimContext): Promise<void> {
    while (!ctx.chaosOver) {
      const host = ctx.random.pick(ctx.topology.ips("web"));
      const answered = await this.#visit(ctx, host).then(yes, no);
      assertSometimes(answered, "a visit succeeds");
      assertSometimes(!answered, "a visit fails");
      await ctx.time.sleep(ctx.random.range(1, 400));
    }
  }

  /** After chaos every server answers, at the latest when it has started again. */
  async check(ctx: SimContext): Promise<void> {
    this.#agent?.destroy();
    for (const host of ctx.topology.ips("web")) {
      while (!(await this.#visit(ctx, host).then(yes, no)))
        await ctx.time.sleep(100);
    }
  }

  async #visit(ctx: SimContext, host: string): Promise<void> {
    const server = { agent: this.#agent, host, port, timeout: 5_000 };
    const text = `${ctx.name} `.repeat(ctx.random.range(1, 5_000));
    const echo = { ...server, method: "POST", path: "/echo" };
    expect(await ask({ ...server, path: "/hello" }), 200, "hello\n");
    expect(await ask(echo, text), 200, text);
    const { status } = await ask({ ...server, path: "/nowhere" });
    assertAlways(status === 404, "what is not there is not found", { status });
  }
}

/** An answer that came in full is the right one, to the last byte. */
function expect({ status, body }: Answer, code: number, text: string): void {
  const right = status === code && body === text;
  assertAlways(right, "an answer is whole", { status, length: body.length });
}

const yes = (): boolean => true;
const no = (): boolean => false;

const simulation: SimulationBuilder = new SimulationBuilder("plain-http")
  .processes("web", { count: [1, 3] }, (ctx) =>
    serveHttp(ctx.providers, ctx.address(port), app),
  )
  .workload(() => new Visitor())
  .workload(() => new Visitor())
  // HTTP/1.1 has no checksum: what is flipped on the way is an answer like any other.
  .chaos({ network: "swarm", bitFlips: false, attrition: { maxDead: 1 } })
  .phases({ chaosMs: 20_000 })
  .requireFaults("crash", "partition")
  .requireSometimes();
export default simulation;
