/** Every case of HTTP, again and again, while everything breaks that may break. */
import type { Agent } from "node:http";

import {
  assertAlways,
  assertSometimes,
} from "../../../src/assertions/index.ts";
import { httpAgent, serveHttp } from "../../../src/node/index.ts";
import {
  SimulationBuilder,
  type SimContext,
  type Workload,
} from "../../../src/runner/index.ts";
import { breaks, httpCases, outcomeOf, type HttpCase } from "./cases.ts";
import { site } from "./site.ts";
import { providerVisit } from "./worlds.ts";

const port = 80;

/** Tries a case drawn by chance, at a server drawn by chance, as long as chaos lasts; then every case, once. */
class Visitor implements Workload {
  readonly name = "visitor";
  #agent: Agent | undefined;

  async setup(ctx: SimContext): Promise<void> {
    await this.#calmly(ctx);
  }

  async run(ctx: SimContext): Promise<void> {
    while (!ctx.chaosOver) {
      const host = ctx.random.pick(ctx.topology.ips("web"));
      const each = ctx.random.pick(httpCases);
      const patienceMs = ctx.random.bool(0.1) ? 25_000 : 2_000;
      const outcome = await this.#try(ctx, each, { host, patienceMs });
      judge(each, outcome);
      await ctx.time.sleep(ctx.random.range(1, 400));
    }
  }

  async check(ctx: SimContext): Promise<void> {
    await this.#calmly(ctx);
  }

  /** Nothing breaks: each case comes out as it should, once the server is up. */
  async #calmly(ctx: SimContext): Promise<void> {
    for (const host of ctx.topology.ips("web")) {
      const where = { host, patienceMs: 5_000 };
      const [hello, ...others] = httpCases as [HttpCase, ...HttpCase[]];
      while ((await this.#try(ctx, hello, where)) !== hello.outcome)
        await ctx.time.sleep(100);
      for (const each of others) {
        const outcome = await this.#try(ctx, each, where);
        const right = outcome === each.outcome || outcome === each.otherwise;
        assertAlways(right, `without faults, ${each.title}`, { outcome });
      }
    }
  }

  #try(
    { providers }: SimContext,
    each: HttpCase,
    where: { host: string; patienceMs: number },
  ): Promise<string> {
    this.#agent ??= httpAgent(providers, { keepAlive: true });
    const target = { ...where, port, agent: this.#agent };
    return outcomeOf(each, providerVisit(providers, target));
  }
}

/** Right, or broken in a way that a network breaks; never a wrong answer that looks like a right one. */
function judge(
  { title, outcome: right, otherwise }: HttpCase,
  outcome: string,
) {
  const isRight = outcome === right || outcome === otherwise;
  const isBroken = breaks.has(outcome);
  assertAlways(isRight || isBroken, "right, or broken", { title, outcome });
  assertSometimes(outcome === right, title);
  assertSometimes(!isRight, `${title}, broken`);
  for (const code of breaks) assertSometimes(outcome === code, code);
}

/** Each seed is another world. HTTP/1.1 has no checksums, so no bits are flipped. */
export const httpStorm: SimulationBuilder = new SimulationBuilder("http storm")
  .processes("web", { count: [1, 2] }, (ctx) =>
    serveHttp(ctx.providers, ctx.address(port), site()),
  )
  .workload(() => new Visitor())
  .workload(() => new Visitor())
  .chaos({
    network: "swarm",
    bitFlips: false,
    attrition: { maxDead: 1, recoveryMs: [100, 2_000] },
  })
  .phases({ chaosMs: 25_000, checkMs: 300_000 })
  .requireFaults("crash", "graceful stop", "partition", "partial writes")
  .requireSometimes();
