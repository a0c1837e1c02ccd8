/** Processes in a ring, each echoing for its neighbour: bytes and connections, and nothing above them. */
import type { Connection } from "../../src/core/index.ts";
import { type SimContext, SimulationBuilder } from "../../src/sim.ts";

export interface RingShape {
  readonly processes: number;
  /** Of all processes together, echoes included. */
  readonly messages: number;
}

export interface RingSpeed {
  /** By the clock, from the first event to the last. */
  readonly messagesPerSecond: number;
  /**
   * Processor time of an event, from the first quarter of the messages on: by then everybody is connected, and the
   * compiler has done most of its work.
   */
  readonly nsPerEvent: number;
}

const port = 4_500;
/** Of all processes together, so that their number is all that differs. */
const inFlight = 500;
const messageBytes = 64;
/** It arrives, and it is read. */
const eventsPerMessage = 2;

/** Run one seed, the same each time, through the public builder with nothing switched off. */
export async function byteRing(shape: RingShape): Promise<RingSpeed> {
  const { processes } = shape;
  const each = Math.ceil(shape.messages / 2 / processes);
  const messages = 2 * each * processes;
  const meter = new Meter(messages / 4);
  let done = 0;
  const simulation = new SimulationBuilder("ring")
    .processes("node", { count: processes }, async (ctx) => {
      await serve(ctx);
      ctx.tasks.spawn("ask", async () => {
        await ask(ctx, each, meter);
        done += 1;
      });
    })
    .workload(() => ({
      name: "wait",
      run: async ({ time }) => {
        while (done < processes) await time.sleep(100);
      },
    }))
    .phases({ chaosMs: 600_000 });
  const startMs = performance.now();
  const report = await simulation.run({ seeds: [1] });
  const elapsedMs = performance.now() - startMs;
  const failure = report.failed[0]?.failures[0];
  if (failure !== undefined) throw new Error(`ring: ${failure.message}`);
  return {
    messagesPerSecond: (messages * 1_000) / elapsedMs,
    nsPerEvent: meter.nsPerEvent,
  };
}

/** Counts echoes, and takes the time from so many messages on. */
class Meter {
  readonly #from: number;
  #messages = 0;
  #used = process.cpuUsage();
  #usedMicros = 0;

  constructor(from: number) {
    this.#from = from;
  }

  /** A message came back: that is two. */
  echoed(): void {
    const before = this.#messages;
    this.#messages += 2;
    if (before < this.#from && this.#messages >= this.#from)
      this.#used = process.cpuUsage();
  }

  /** The last message came back. */
  stop(): void {
    const { user, system } = process.cpuUsage(this.#used);
    this.#usedMicros = user + system;
  }

  get nsPerEvent(): number {
    const events = (this.#messages - this.#from) * eventsPerMessage;
    return (this.#usedMicros * 1_000) / events;
  }
}

async function serve(ctx: SimContext): Promise<void> {
  const listener = await ctx.network.bind(ctx.address(port));
  ctx.tasks.spawn("serve", async () => {
    const connection = await listener.accept();
    for (;;) {
      const bytes = await connection.read();
      if (bytes === undefined) return;
      await connection.write(bytes);
    }
  });
}

/** So many are always under way; an echo that is there makes room for the next. */
async function ask(
  ctx: SimContext,
  count: number,
  meter: Meter,
): Promise<void> {
  const connection = await dial(ctx, neighbour(ctx));
  const message = new Uint8Array(messageBytes).fill(7);
  let sent = 0;
  const window = Math.max(1, Math.round(inFlight / ctx.count));
  for (; sent < Math.min(window, count); sent += 1)
    await connection.write(message);
  let missing = count * messageBytes;
  while (missing > 0) {
    const echo = await connection.read();
    if (echo === undefined) throw new Error("the connection ended too soon");
    missing -= echo.length;
    meter.echoed();
    if (sent === count) continue;
    sent += 1;
    await connection.write(message);
  }
  meter.stop();
  connection.close();
}

function neighbour({ topology, index, count }: SimContext): string {
  return topology.addresses("node", port)[(index + 1) % count] as string;
}

/** The neighbour may not listen yet. */
async function dial(ctx: SimContext, address: string): Promise<Connection> {
  for (;;) {
    try {
      return await ctx.network.connect(address);
    } catch {
      // It is refused until the neighbour has booted.
      await ctx.time.sleep(1);
    }
  }
}
