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

/** How a block is read: into memory of the program's own, or of the disk's, new each time. */
type Reading = "readInto" | "readAt";

/** Reads and writes of 4 KiB, in turns, at random places of one file. */
export const simDisk: Row = {
  id: "sim.disk",
  what: `simulated reads and writes of ${blockBytes / 1_024} KiB, ${inFlight} in flight`,
  unit: "operations/s",
  target: atLeast(500_000, "≥ 500 k operations/s"),
  async run() {
    const readInto = (): Promise<number> => round("readInto");
    const readAt = (): Promise<number> => round("readAt");
    await readInto();
    await readAt();
    const { value, other } = await medians({ value: readInto, other: readAt });
    return { value, against: { readAt: other } };
  },
};

function round(reading: Reading): Promise<number> {
  return rate(async () => {
    const world = new SimWorld({ seed: 1, storage: fastLocalStorage() });
    await world.run(() => readAndWrite(world.providers("10.0.1.1"), reading));
    world.end();
    return operations;
  });
}

async function readAndWrite(
  { storage, random }: SimProviders,
  reading: Reading,
): Promise<void> {
  const file = await storage.open("file", OpenOptions.openOrCreate);
  const block = random.bytes(blockBytes);
  let done = 0;
  const loop = async (): Promise<void> => {
    const into = new Uint8Array(blockBytes);
    while (done < operations) {
      done += 1;
      const position = ((done * 7_919) % blocks) * blockBytes;
      if (done % 2 === 0) await file.writeAt(position, block);
      else if (reading === "readInto") await file.readInto(position, into);
      else await file.readAt(position, blockBytes);
      if (done % operationsPerSync === 0) await file.sync();
    }
  };
  await Promise.all(Array.from({ length: inFlight }, loop));
}
