/** The log in the tank: somebody writes to it, crashes again and again, and looks for what was acknowledged. */
import { isStorageError } from "wavetank/core";
import {
  assertAlways,
  assertSometimes,
  type SimContext,
  SimulationBuilder,
  stateKey,
  type StateKey,
  type Workload,
} from "wavetank/sim";

import type { LogRecord } from "./record.ts";
import { WriteAheadLog, type Mistakes } from "./wal.ts";

/** What is known outside of the process, of each record that it began to write. */
interface Known {
  readonly texts: Set<string>;
  acknowledged: string | undefined;
}

const known: StateKey<Map<number, Known>> = stateKey("records");
/** How many records the latest life found, once it has looked. */
const found: StateKey<number> = stateKey("found");

/** One writer, and disks that do their worst. The simulations beside this file differ only in the log's mistakes. */
export function walSimulation(
  name: string,
  mistakes: Mistakes = {},
): SimulationBuilder {
  return new SimulationBuilder(name)
    .processes("writer", { count: 1 }, (ctx) => write(ctx, mistakes))
    .workload(() => new Watcher())
    .chaos({
      storage: "swarm",
      attrition: { pauseMs: [50, 1_000], recoveryMs: [10, 100] },
    })
    .phases({ chaosMs: 8_000 })
    .expectCrash(({ error }) => isStorageError(error))
    .requireFaults("crash")
    .requireSometimes();
}

/** One life of the writer: read the log, check it, and write until the power goes. */
async function write(ctx: SimContext, mistakes: Mistakes): Promise<void> {
  const log = await WriteAheadLog.open(ctx.storage, mistakes);
  const records = ctx.state.get(known) ?? new Map<number, Known>();
  ctx.state.publish(known, records);
  compare(log.records, records);
  ctx.state.publish(found, log.records.length);
  while (!ctx.chaosOver && !ctx.stopped) {
    const texts = Array.from({ length: ctx.random.range(1, 5) }, () =>
      drawText(ctx),
    );
    const first = log.records.length + 1;
    for (const [index, text] of texts.entries()) {
      const { texts: all, acknowledged } = entryOf(records, first + index);
      all.add(text);
      assertAlways(acknowledged === undefined, "no number is used twice");
    }
    await log.append(texts);
    for (const [index, text] of texts.entries())
      entryOf(records, first + index).acknowledged = text;
    await ctx.time.sleep(ctx.random.range(1, 20));
  }
  await log.close();
}

/** Everything that was acknowledged is there, and nothing that nobody wrote. */
function compare(
  read: readonly LogRecord[],
  records: Map<number, Known>,
): void {
  for (const { number, text } of read) {
    const written = records.get(number)?.texts.has(text) === true;
    assertAlways(written, "no record is made up", { number });
  }
  for (const [number, { acknowledged }] of records) {
    if (acknowledged === undefined) continue;
    const there = read[number - 1]?.text;
    assertAlways(there === acknowledged, "no record is lost", { number });
  }
  assertSometimes(read.length > 0, "a log is read back");
}

function entryOf(records: Map<number, Known>, number: number): Known {
  const entry = records.get(number) ?? {
    texts: new Set<string>(),
    acknowledged: undefined,
  };
  records.set(number, entry);
  return entry;
}

/** Often shorter than a sector, sometimes longer. */
function drawText({ random }: SimContext): string {
  const length = random.range(1, random.bool(0.2) ? 1_500 : 200);
  return String.fromCharCode(...random.bytes(length).map((n) => 33 + (n % 94)));
}

/** Waits for the end, and sees that the writer came back and found its log. */
class Watcher implements Workload {
  readonly name = "watcher";

  async run(ctx: SimContext): Promise<void> {
    while (!ctx.chaosOver) await ctx.time.sleep(50);
  }

  async check(ctx: SimContext): Promise<void> {
    // Who could not read its log has crashed, and is started again.
    while (!ctx.state.has(found)) await ctx.time.sleep(50);
    const acknowledged = [...(ctx.state.get(known)?.values() ?? [])].filter(
      (record) => record.acknowledged !== undefined,
    );
    assertAlways(ctx.state.has(found), "the log was opened");
    assertSometimes(acknowledged.length > 0, "a record is acknowledged");
  }
}
