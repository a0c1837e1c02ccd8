/** A large world: 54 processes in three data centres, of which whole machines die (simulator reference §18.3). */
import { clusterSimulation } from "../../examples/cluster/cluster.ts";
import { medians, rate } from "../rounds.ts";
import { atLeast, type Row } from "../row.ts";

const seeds = 20;

/** The example, seed after seed. Reported, without a target. */
export const simCluster: Row = {
  id: "sim.cluster",
  what: `54 processes in 3 data centres under attrition by machine, ${seeds} seeds`,
  unit: "seeds/s",
  target: atLeast(0, "reported"),
  async run() {
    const round = (): Promise<number> =>
      rate(async () => {
        const report = await clusterSimulation().run({ seeds, base: 1 });
        const failure = report.failed[0]?.failures[0];
        if (failure !== undefined)
          throw new Error(`the cluster failed: ${failure.message}`);
        return seeds;
      });
    await round();
    const { value } = await medians({ value: round });
    return { value, against: {} };
  },
};
