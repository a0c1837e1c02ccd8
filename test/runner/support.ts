/** Small programs for the runner to run, and short ways to look at what came of them. */
import type {
  SimContext,
  SimulationReport,
  Workload,
  WorkloadFactory,
} from "../../src/runner/index.ts";
import type { Connection } from "../../src/core/index.ts";

/** A workload called `work` that does nothing, but for the parts that are given. */
export function workload(parts: Partial<Workload> = {}): WorkloadFactory {
  return () => ({ name: "work", run: () => Promise.resolve(), ...parts });
}

/** A workload that does nothing for so long. */
export function busyFor(
  ms: number,
  parts: Partial<Workload> = {},
): WorkloadFactory {
  return workload({ run: (ctx) => ctx.time.sleep(ms), ...parts });
}

/** `kind: message` of everything that failed, seed after seed. */
export function failures(report: SimulationReport): string[] {
  return report.failed.flatMap((failed) =>
    failed.failures.map(({ kind, message }) => `${kind}: ${message}`),
  );
}

/** How often an assertion held, over all seeds. */
export function passes(report: SimulationReport, message: string): number {
  return (
    report.observations.find((observation) => observation.message === message)
      ?.passes ?? 0
  );
}

/** Fingerprints in the order of the seeds. */
export function prints(report: SimulationReport): string[] {
  return [...report.fingerprints.values()];
}

export const echoPort = 7;

/** A process that sends back whatever it gets. */
export async function echoServer(ctx: SimContext): Promise<void> {
  const listener = await ctx.network.bind(ctx.address(echoPort));
  ctx.tasks.spawn("accept", async () => {
    for (;;) {
      const connection = await listener.accept();
      ctx.tasks.spawn("echo", () => echo(connection));
    }
  });
}

async function echo(connection: Connection): Promise<void> {
  try {
    for (
      let bytes = await connection.read();
      bytes !== undefined;
      bytes = await connection.read()
    ) {
      await connection.write(bytes);
    }
    connection.end();
  } catch {
    // The client is gone, and with it everybody who would care.
  }
}

/** Send a byte to an echo server over a connection of its own. False when anything at all goes wrong. */
export async function echoes(
  ctx: SimContext,
  address: string,
): Promise<boolean> {
  try {
    using connection = await ctx.network.connect(address);
    await connection.write(new Uint8Array([1]));
    return (await connection.read()) !== undefined;
  } catch {
    // Why it failed is no matter here.
    return false;
  }
}

/** A workload that talks to all echo servers until chaos is over, and demands of all of them that they answer then. */
export function talker(parts: Partial<Workload> = {}): WorkloadFactory {
  return workload({
    run: async (ctx) => {
      while (!ctx.chaosOver) {
        await echoes(
          ctx,
          ctx.random.pick(ctx.topology.addresses("echo", echoPort)),
        );
        await ctx.time.sleep(ctx.random.range(1, 200));
      }
    },
    ...parts,
  });
}

/** Throws unless nothing failed. */
export function succeeded(report: SimulationReport): void {
  const failed = failures(report);
  if (failed.length > 0) throw new Error(failed.join("\n"));
}
