<<<<<<< HEAD
/** The right scores, which must survive. */
import type { SimulationBuilder } from "wavetank/sim";
=======
/** A line protocol of one's own on a hostile network: providers, and nothing else. */
import { isStorageError, type Connection } from "wavetank/core";
import {
  assertAlways,
  assertSometimes,
  type SimContext,
  SimulationBuilder,
  type Workload,
} from "wavetank/sim";
>>>>>>> 838958c (sim, runner: disks that fail, fill up, stall, lie and rot, each fault with its own switch)

import { scoresSimulation } from "./simulation.ts";

<<<<<<< HEAD
const simulation: SimulationBuilder = scoresSimulation("plain-tcp");
=======
const port = 4600;
/** Who has had no answer for so long tries elsewhere. */
const patienceMs = 3_000;

/** Gets better and better, tells a server now and then, and remembers what was acknowledged. */
class Player implements Workload {
  readonly name = "player";
  #acknowledged = new Map<string, number>();
  #points = 0;

  async run(ctx: SimContext): Promise<void> {
    while (!ctx.chaosOver) {
      const address = ctx.random.pick(ctx.topology.addresses("scores", port));
      const answered = await this.#play(ctx, address).then(yes, no);
      assertSometimes(answered, "a game is finished");
      assertSometimes(!answered, "a game is broken off");
      await ctx.time.sleep(ctx.random.range(1, 300));
    }
  }

  /** Chaos is over: nobody has forgotten what he acknowledged, nor made up more. Who still starts is asked again. */
  async check(ctx: SimContext): Promise<void> {
    for (const address of ctx.topology.addresses("scores", port)) {
      while (!(await this.#askBest(ctx, address).then(yes, no)))
        await ctx.time.sleep(100);
    }
  }

  /** A few scores over one connection. */
  #play(ctx: SimContext, address: string): Promise<void> {
    return withServer(ctx, address, async (ask) => {
      for (let count = ctx.random.range(1, 5); count > 0; count -= 1) {
        this.#points += ctx.random.range(1, 10);
        const points = this.#points;
        const best = await ask(`SCORE ${ctx.name} ${points}`);
        assertAlways(best === points, "the newest score is the best", { best });
        this.#acknowledged.set(address, points);
        this.#compare(address, await ask(`BEST ${ctx.name}`));
      }
    });
  }

  async #askBest(ctx: SimContext, address: string): Promise<void> {
    await withServer(ctx, address, async (ask) =>
      this.#compare(address, await ask(`BEST ${ctx.name}`)),
    );
  }

  #compare(address: string, best: number): void {
    const acknowledged = this.#acknowledged.get(address) ?? 0;
    const [details, points] = [{ address, best, acknowledged }, this.#points];
    assertAlways(best >= acknowledged, "no score is forgotten", details);
    assertAlways(best <= points, "no score is made up", details);
  }
}

type Ask = (line: string) => Promise<number>;

/** Connect, ask, and close; break it off when the server is silent for too long. */
async function withServer<T>(
  ctx: SimContext,
  address: string,
  use: (ask: Ask) => Promise<T>,
): Promise<T> {
  const connection = await ctx.network.connect(address);
  const patience = ctx.time.schedule(patienceMs, () => connection.reset());
  try {
    return await use(askerOn(connection));
  } finally {
    patience.cancel();
    connection.close();
  }
}

function askerOn(connection: Connection): Ask {
  const answers = readLines(connection);
  return async (line) => {
    await writeLine(connection, line);
    const { value } = await answers.next();
    const [word, points] = String(value).split(" ");
    if (word !== "BEST") throw new Error(`no answer to ${line}: ${value}`);
    return Number(points);
  };
}

const yes = (): boolean => true;
const no = (): boolean => false;

const simulation: SimulationBuilder = new SimulationBuilder("plain-tcp")
  .processes("scores", { count: [1, 3] }, (ctx) =>
    startScores(ctx.providers, ctx.address(port)),
  )
  .workload(() => new Player())
  .workload(() => new Player())
  // Lines carry no checksum: a score that is flipped on the way is a score like any other.
  .chaos({
    network: "swarm",
    bitFlips: false,
    storage: "swarm",
    attrition: { maxDead: 1 },
  })
  // A server that cannot read its scores does not start; it is started again.
  .expectCrash(({ error }) => isStorageError(error))
  .phases({ chaosMs: 20_000 })
  .requireFaults("crash", "partition")
  .requireSometimes();
>>>>>>> 838958c (sim, runner: disks that fail, fill up, stall, lie and rot, each fault with its own switch)
export default simulation;
