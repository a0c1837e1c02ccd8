/** The simulator alone, and the whole stack in it: through the same public interface that tests use. */
import { EchoServiceRpc } from "../../gen/bench/v1/bench_rpc.ts";
import { createClient, serve } from "../../src/rpc/index.ts";
import {
  type SimContext,
  SimulationBuilder,
  type SimulationReport,
} from "../../src/sim.ts";
import { NetTransport } from "../../src/transport/index.ts";
import { medians, rate } from "../rounds.ts";
import { atLeast, type Row } from "../row.ts";

const sleeperCount = 1_000;
const sleepsEach = 2_000;

/** 1,000 tasks that sleep a millisecond or a few, again and again. */
export const simSleepers: Row = {
  id: "sim.sleepers",
  what: `${sleeperCount} simulated sleepers`,
  unit: "events/s",
  target: atLeast(2_000_000, "≥ 2 M events/s"),
  async run() {
    const round = (): Promise<number> =>
      rate(async () => (await finished(sleepers())).events);
    await round();
    const { value } = await medians({ value: round });
    return { value, against: {} };
  },
};

function sleepers(): SimulationBuilder {
  const sleep = async ({ time }: SimContext, index: number): Promise<void> => {
    const ms = 1 + (index % 10);
    for (let count = 0; count < sleepsEach; count += 1) await time.sleep(ms);
  };
  const run = async (ctx: SimContext): Promise<void> => {
    await Promise.all(
      Array.from({ length: sleeperCount }, (_, index) => sleep(ctx, index)),
    );
  };
  return new SimulationBuilder("sleepers").workload(() => ({
    name: "sleepers",
    run,
  }));
}

const nodeCount = 5;
const inFlightEach = 16;
const callsEach = 20_000;
const port = 4_500;

/** Every node serves, and calls the next one: codec, frames, peers, deadlines and the network model, at their defaults. */
export const simCalls: Row = {
  id: "sim.calls",
  what: `simulated unary calls, ${nodeCount} nodes in a ring, ${inFlightEach} in flight each`,
  unit: "calls/s",
  target: atLeast(100_000, "≥ 100 k calls/s"),
  async run() {
    const round = (): Promise<number> =>
      rate(async () => {
        await finished(ring());
        return nodeCount * callsEach;
      });
    await round();
    const { value } = await medians({ value: round });
    return { value, against: {} };
  },
};

function ring(): SimulationBuilder {
  let nodesDone = 0;
  const node = async (ctx: SimContext): Promise<void> => {
    const transport = await NetTransport.listen(
      ctx.providers,
      ctx.address(port),
    );
    serve(transport, EchoServiceRpc, { echo: ({ payload }) => ({ payload }) });
    const addresses = ctx.topology.addresses("node", port);
    await callAll(transport, addresses[(ctx.index + 1) % nodeCount] as string);
    nodesDone += 1;
  };
  const wait = async ({ time }: SimContext): Promise<void> => {
    while (nodesDone < nodeCount) await time.sleep(100);
  };
  return new SimulationBuilder("calls")
    .processes("node", { count: nodeCount }, node)
    .workload(() => ({ name: "wait", run: wait }));
}

async function callAll(
  transport: NetTransport,
  address: string,
): Promise<void> {
  // The next node may not listen yet; its peer keeps trying, so the calls only have to be patient.
  const client = createClient(EchoServiceRpc, transport, address, {
    timeoutMs: 60_000,
  });
  const payload = new Uint8Array(64);
  let calls = 0;
  const loop = async (): Promise<void> => {
    while (calls < callsEach) {
      calls += 1;
      await client.echo.getReply({ payload });
    }
  };
  await Promise.all(Array.from({ length: inFlightEach }, loop));
}

/** Run one seed, the same in every round. A failure would make the figure meaningless. */
async function finished(
  simulation: SimulationBuilder,
): Promise<SimulationReport> {
  const report = await simulation.run({ seeds: [1] });
  const failure = report.failed[0]?.failures[0];
  if (failure !== undefined)
    throw new Error(`${report.name} failed: ${failure.message}`);
  return report;
}
