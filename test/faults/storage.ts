/** Disks that are slow, fail, lie, and lose what was not synced. */
import {
  isStorageError,
  OpenOptions,
  type StorageErrorCode,
  type StorageFile,
} from "../../src/core/index.ts";
import { SimulationBuilder } from "../../src/runner/index.ts";
import {
  SECTOR_SIZE,
  type SimWorld,
  type StorageConfiguration,
} from "../../src/sim/index.ts";
import { busyFor } from "../runner/support.ts";
import { ipA, pattern } from "../sim/support.ts";
import { inRuns, inWorld, type Family, type Sight } from "./family.ts";

const { openOrCreate } = OpenOptions;
const bytes = pattern(16 * SECTOR_SIZE);

/** Use a new file on a disk with that fault, or without it. */
function onDisk(
  faulty: Partial<StorageConfiguration> | false,
  seen: (file: StorageFile, world: SimWorld) => Promise<boolean>,
): Promise<Sight> {
  return inWorld({ storage: faulty || {} }, async (world) => {
    const { storage } = world.providers(ipA);
    return seen(await storage.open("log", openOrCreate), world);
  });
}

/** Try it so often, and tell whether it ever ends as `seen` says. */
async function ever(
  times: number,
  seen: (turn: number) => Promise<boolean>,
): Promise<boolean> {
  for (let turn = 0; turn < times; turn += 1) if (await seen(turn)) return true;
  return false;
}

/** Whether it fails like that. */
async function fails(
  code: StorageErrorCode,
  work: Promise<unknown>,
): Promise<boolean> {
  try {
    await work;
    return false;
  } catch (error) {
    if (isStorageError(error, code)) return true;
    throw error;
  }
}

/** Whether the file does not read as what was written, and goes on doing so. */
async function differs(file: StorageFile): Promise<boolean> {
  const first = await file.readAt(0, bytes.length);
  const again = await file.readAt(0, bytes.length);
  if (!Buffer.from(first).equals(again))
    throw new Error("damage that comes and goes");
  return !Buffer.from(first).equals(bytes);
}

/** Overwrite durable zeros without a sync, lose power, and tell what is left. */
async function afterCrash(world: SimWorld): Promise<Uint8Array> {
  const { storage } = world.providers(ipA);
  const file = await storage.open("crashed", openOrCreate);
  await file.setLen(0);
  await file.writeAt(0, new Uint8Array(bytes.length));
  await file.sync();
  await storage.syncDir();
  await file.writeAt(0, bytes);
  await file.setLen(bytes.length + 1);
  world.kill(ipA);
  const after = world.providers(ipA).storage;
  const left = await after.open("crashed", OpenOptions.readOnly);
  return await left.readAt(0, bytes.length);
}

export const storageFamilies: readonly Family[] = [
  {
    fault: "slow disk",
    counted: [],
    live: (on) =>
      onDisk(on && { syncMs: [200, 300] }, async (file, world) => {
        await file.append(new Uint8Array([1]));
        const startMs = world.nowMs;
        await file.sync();
        return world.nowMs - startMs >= 200;
      }),
  },
  {
    fault: "busy disk",
    counted: [],
    live: (on) =>
      onDisk(on && { iops: 100 }, async (file, world) => {
        const startMs = world.nowMs;
        await Promise.all(Array.from({ length: 10 }, () => file.readAt(0, 1)));
        return world.nowMs - startMs >= 100;
      }),
  },
  {
    fault: "crash before a sync",
    counted: ["dropped write", "torn sector", "lost metadata"],
    live: (on) =>
      onDisk(on ? { tornProbability: 1 } : { unsynced: "kept" }, (_, world) => {
        let lost = 0;
        return ever(20, async () => {
          const left = await afterCrash(world);
          lost += Buffer.from(left).equals(bytes) ? 0 : 1;
          return lost > 10;
        });
      }),
  },
  {
    fault: "crash fault",
    counted: ["damaged sector"],
    live: (on) => {
      const odds = on ? { crashFaultProbability: 1, tornProbability: 0 } : {};
      const unsynced = on ? "mixed" : "kept";
      return onDisk({ ...odds, unsynced }, (_, world) =>
        ever(20, async () => {
          const left = await afterCrash(world);
          // Neither the old byte nor the new one.
          return left.some((byte, at) => byte !== 0 && byte !== bytes[at]);
        }),
      );
    },
  },
  {
    fault: "read fault",
    counted: ["read fault"],
    live: (on) =>
      onDisk(on && { readFaultProbability: 1 }, async (file) => {
        await file.writeAt(0, bytes);
        return differs(file);
      }),
  },
  {
    fault: "write fault",
    counted: ["write fault"],
    live: (on) =>
      onDisk(on && { writeFaultProbability: 1 }, async (file) => {
        await file.writeAt(0, bytes);
        return differs(file);
      }),
  },
  {
    fault: "misdirected read",
    counted: ["misdirected read"],
    live: (on) =>
      onDisk(on && { misdirectReadProbability: 0.5 }, async (file) => {
        await file.writeAt(0, bytes);
        return ever(20, async (turn) => {
          await file.readAt((turn % 16) * SECTOR_SIZE, SECTOR_SIZE);
          return differs(file);
        });
      }),
  },
  {
    fault: "misdirected write",
    counted: ["misdirected write"],
    live: (on) =>
      onDisk(on && { misdirectWriteProbability: 0.5 }, async (file) => {
        await file.writeAt(0, bytes);
        return ever(20, async (turn) => {
          const place = (turn % 8) * SECTOR_SIZE;
          await file.writeAt(place, new Uint8Array(SECTOR_SIZE));
          await file.writeAt(place, bytes.subarray(place, place + SECTOR_SIZE));
          return differs(file);
        });
      }),
  },
  {
    fault: "phantom write",
    counted: ["phantom write"],
    live: (on) =>
      onDisk(on && { phantomWriteProbability: 1 }, async (file) => {
        await file.writeAt(0, bytes);
        await file.sync();
        return differs(file);
      }),
  },
  {
    fault: "failed sync",
    counted: ["failed sync"],
    live: (on) =>
      onDisk(on && { syncFailureProbability: 0.5 }, async (file) =>
        ever(20, async () => {
          await file.writeAt(0, bytes);
          return fails("io", file.sync());
        }),
      ),
  },
  {
    fault: "I/O error",
    counted: ["I/O error"],
    live: (on) =>
      onDisk(false, async (file, world) => {
        if (on) world.disk(ipA).configure({ ioErrorProbability: 0.5 });
        return ever(20, async () =>
          (await fails("io", file.readAt(0, 1)))
            ? fails("io", file.writeAt(0, bytes))
            : false,
        );
      }),
  },
  {
    fault: "full disk",
    counted: ["disk full"],
    live: (on) =>
      onDisk(on && { diskFullProbability: 0.5 }, async (file) =>
        ever(20, () => fails("disk_full", file.append(bytes))),
      ),
  },
  {
    fault: "small disk",
    counted: ["disk full"],
    live: (on) =>
      onDisk(on && { capacityBytes: 20 * SECTOR_SIZE }, async (file) =>
        ever(2, () => fails("disk_full", file.append(bytes))),
      ),
  },
  {
    fault: "short operation",
    counted: ["short operation"],
    live: (on) =>
      onDisk(on && { shortOperationProbability: 1 }, async (file) => {
        const written = await file.write(bytes);
        await file.writeAt(0, bytes);
        file.seek(0);
        const { length } = await file.read(bytes.length);
        return written < bytes.length && length < bytes.length;
      }),
  },
  {
    fault: "disk stall",
    counted: ["disk stall"],
    live: (on) =>
      onDisk(on && { diskStallEveryMs: 100 }, async (file, world) =>
        ever(1_000, async () => {
          const startMs = world.nowMs;
          await file.readAt(0, 1);
          return world.nowMs - startMs > 40;
        }),
      ),
  },
  {
    fault: "disk trouble",
    counted: ["disk trouble"],
    live: (on) => {
      let slow = 0;
      const builder = new SimulationBuilder()
        .processes("server", {}, async ({ storage, time }) => {
          await using file = await storage.open("log", openOrCreate);
          for (let turn = 0; turn < 10; turn += 1) {
            const startMs = time.now();
            await file.append(bytes);
            if (time.now() - startMs >= 90) slow += 1;
            await time.sleep(100);
          }
        })
        .workload(busyFor(2_000))
        .fault({
          name: "mine",
          inject: async (ctx) => {
            await ctx.time.sleep(300, { signal: ctx.chaosShutdown });
            if (on) ctx.troubleDisk("10.0.1.1", { writeMs: [100, 100] });
          },
        });
      return inRuns(builder, () => slow > 0);
    },
  },
  {
    fault: "disk throttle",
    counted: ["disk throttle"],
    live: (on) => {
      const tenTimes = { diskThrottleEveryMs: 100, throttleIopsDivisor: 1_000 };
      return onDisk(on && tenTimes, async (file, world) =>
        ever(1_000, async () => {
          const startMs = world.nowMs;
          await file.readAt(0, 1);
          return world.nowMs - startMs > 30;
        }),
      );
    },
  },
];
