/** The simulated disk alone. */
import { OpenOptions } from "../../src/core/index.ts";
import {
  fastLocalStorage,
  SimWorld,
  type SimProviders,
} from "../../src/sim/index.ts";
import { medians, rate } from "../rounds.ts";
import { atLeast, type Row } from "../row.ts";

const blockBytes = 4_096;
const blocks = 1_024;
const operations = 200_000;
const inFlight = 16;
/** A program that never syncs has no durable data to speak of. */
const operationsPerSync = 256;

/** Reads and writes of 4 KiB, in turns, at random places of one file. */
export const simDisk: Row = {
  id: "sim.disk",
  what: `simulated reads and writes of ${blockBytes / 1_024} KiB, ${inFlight} in flight`,
  unit: "operations/s",
  target: atLeast(500_000, "≥ 500 k operations/s"),
  async run() {
    const round = (): Promise<number> =>
      rate(async () => {
        const world = new SimWorld({ seed: 1, storage: fastLocalStorage() });
        await world.run(() => readAndWrite(world.providers("10.0.1.1")));
        world.end();
        return operations;
      });
    await round();
    const { value } = await medians({ value: round });
    return { value, against: {} };
  },
};

async function readAndWrite({ storage, random }: SimProviders): Promise<void> {
  const file = await storage.open("file", OpenOptions.openOrCreate);
  const block = random.bytes(blockBytes);
  let done = 0;
  const loop = async (): Promise<void> => {
    while (done < operations) {
      done += 1;
      const position = ((done * 7_919) % blocks) * blockBytes;
      if (done % 2 === 0) await file.writeAt(position, block);
      else await file.readAt(position, blockBytes);
      if (done % operationsPerSync === 0) await file.sync();
    }
  };
  await Promise.all(Array.from({ length: inFlight }, loop));
}
