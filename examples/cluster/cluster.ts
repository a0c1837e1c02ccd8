/** 54 processes on 27 machines in three data centres, of which whole machines die: clients ping, and must be answered. */
import { onAbort, timeout, type Connection } from "wavetank/core";
import {
  assertAlways,
  assertSometimes,
  SimulationBuilder,
  type SimContext,
  type Workload,
} from "wavetank/sim";

const port = 7;
const rounds = 80;
const pauseMs = 200;
const patienceMs = 2_000;

/** Machines die as a whole, one at a time. */
export function clusterSimulation(): SimulationBuilder {
  return new SimulationBuilder("cluster")
    .cluster(
      {
        dataCentres: 3,
        zonesPerDataCentre: 3,
        machinesPerZone: 3,
        processesPerMachine: 2,
      },
      { node: { start: serve } },
    )
    .workload(() => new Pings())
    .chaos({
      attrition: {
        scope: "machine",
        maxDead: 2,
        graceful: 0.3,
        crash: 0.5,
        crashAndWipe: 0.2,
      },
    })
    .phases({ chaosMs: 10_000 })
    .requireFaults("crash", "graceful stop", "crash and wipe")
    .requireSometimes();
}

/** Sends everything back. */
async function serve(ctx: SimContext): Promise<void> {
  const listener = await ctx.network.bind(ctx.address(port));
  ctx.tasks.spawn("accept", async () => {
    for (;;) {
      const connection = await listener.accept();
      ctx.tasks.spawn("echo", () => echo(connection));
    }
  });
}

async function echo(connection: Connection): Promise<void> {
  try {
    let bytes = await connection.read();
    for (; bytes !== undefined; bytes = await connection.read())
      await connection.write(bytes);
    connection.end();
  } catch {
    // The client is gone, or its machine is: nobody waits for this answer.
  }
}

/** Pings processes by chance while machines die, and every one of them when they are back. */
class Pings implements Workload {
  readonly name = "pings";

  async run(ctx: SimContext): Promise<void> {
    for (let round = 0; round < rounds; round += 1) {
      const address = ctx.random.pick(ctx.topology.addresses("node", port));
      const answered = await ping(ctx, address);
      assertSometimes(answered, "a ping is answered");
      assertSometimes(!answered, "a ping is lost");
      await ctx.time.sleep(pauseMs);
    }
  }

  async check(ctx: SimContext): Promise<void> {
    for (const address of ctx.topology.addresses("node", port)) {
      const answered = await ping(ctx, address);
      assertAlways(answered, "everybody answers in the end", { address });
    }
  }
}

/** Whether that process answered in time. */
async function ping(ctx: SimContext, address: string): Promise<boolean> {
  try {
    return await timeout(ctx.time, patienceMs, async (signal) => {
      using connection = await ctx.network.connect(address, { signal });
      onAbort(signal, () => connection[Symbol.dispose]());
      await connection.write(new Uint8Array([1]));
      return (await connection.read()) !== undefined;
    });
  } catch {
    // Refused, reset or too late: lost all the same.
    return false;
  }
}
