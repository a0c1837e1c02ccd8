/** What a disk holds after a loss of power: exactly what was synced. */
import test, { type ExecutionContext } from "ava";

import {
  OpenOptions,
  type StorageFile,
  type StorageProvider,
} from "../../src/core/index.ts";
import { ipB, worldOf } from "./support.ts";

interface Story {
  readonly title: string;
  /** Each works on a file that holds "durable" and was synced. */
  readonly work: (
    file: StorageFile,
    storage: StorageProvider,
  ) => Promise<unknown>;
  /** Default 1,000, when everything is done. */
  readonly killAfterMs?: number;
  readonly left: string | undefined;
  readonly lost?: number;
}

const slow = { readMs: [1, 1], writeMs: [10, 10], syncMs: [50, 50] } as const;

const stories: readonly Story[] = [
  {
    title: "keeps what was synced",
    work: async () => undefined,
    left: "durable",
  },
  {
    title: "loses an append that was not synced",
    work: (file) => file.append(text("+")),
    left: "durable",
    lost: 1,
  },
  {
    title: "loses a write that was not synced",
    work: (file) => file.writeAt(0, text("D")),
    left: "durable",
    lost: 1,
  },
  {
    title: "loses a cut that was not synced",
    work: (file) => file.setLen(3),
    left: "durable",
    lost: 1,
  },
  {
    title: "loses an extension that was not synced",
    work: (file) => file.setLen(99),
    left: "durable",
    lost: 1,
  },
  {
    title: "loses an emptying by open() that was not synced",
    work: (_, storage) => storage.open("file", OpenOptions.createWrite),
    left: "durable",
    lost: 1,
  },
  {
    title:
      "keeps all that was written before a sync, and loses what came after it",
    work: async (file) => {
      await file.writeAt(2, text("--"));
      await file.append(text("!"));
      await file.sync();
      await file.append(text("?"));
      await file.writeAt(0, text("??"));
    },
    left: "du--ble!",
    lost: 1,
  },
  {
    title: "keeps a cut and a later extension that were synced",
    work: async (file) => {
      await file.setLen(3);
      await file.setLen(5);
      await file.sync();
    },
    left: "dur\0\0",
  },
  {
    title: "does not bring back old bytes behind a synced cut",
    work: async (file) => {
      await file.setLen(3);
      await file.sync();
      await file.setLen(7);
      await file.sync();
    },
    left: "dur\0\0\0\0",
  },
  {
    title: "is not helped by a sync that is under way",
    work: async (file) => {
      await file.append(text("+"));
      await file.sync();
    },
    killAfterMs: 10 + 49.9,
    left: "durable",
    lost: 1,
  },
  {
    title: "is helped by a sync that has just ended",
    work: async (file) => {
      await file.append(text("+"));
      await file.sync();
    },
    killAfterMs: 10 + 50.1,
    left: "durable+",
  },
  {
    title: "forgets a write that is under way",
    work: (file) =>
      Promise.all([file.append(text("1")), file.append(text("2"))]),
    killAfterMs: 15,
    left: "durable",
    lost: 1,
  },
  {
    title: "follows a file under its new name",
    work: async (file, storage) => {
      await storage.rename("file", "elsewhere");
      await file.append(text("+"));
      await file.sync();
      await storage.rename("elsewhere", "file");
    },
    left: "durable+",
  },
  {
    title: "does not bring back what was deleted",
    work: (_, storage) => storage.delete("file"),
    left: undefined,
  },
];

for (const { title, work, killAfterMs = 1_000, left, lost = 0 } of stories) {
  test.serial(`a disk that loses power ${title}`, async (t) => {
    const world = worldOf({ storage: slow });
    world.boot(ipB, async ({ storage, time }) => {
      const file = await storage.open("file", OpenOptions.openOrCreate);
      await file.append(text("durable"));
      await file.sync();
      time.schedule(killAfterMs, () => world.kill(ipB));
      await work(file, storage);
    });
    await world.runUntil(() => !world.isAlive(ipB));
    t.is(await world.run(() => content(world.providers(ipB).storage)), left);
    t.is(world.faults.counts.get("lost write") ?? 0, lost);
  });
}

test.serial("a file that was created and never synced is gone", async (t) => {
  t.false(await existsAfterKill(t, {}));
});

test.serial("a wiped disk is empty, whatever was synced", async (t) => {
  t.true(await existsAfterKill(t, { sync: true }));
  t.false(await existsAfterKill(t, { sync: true, wipe: true }));
});

test.serial(
  "a disk that lost power serves the next life at once",
  async (t) => {
    const world = worldOf({ storage: slow });
    world.boot(ipB, async ({ storage }) => {
      const file = await storage.open("file", OpenOptions.openOrCreate);
      await Promise.all(
        Array.from({ length: 100 }, () => file.append(text("much work to do"))),
      );
    });
    await world.run(() => world.time.sleep(5));
    world.kill(ipB);
    const startMs = world.nowMs;
    await world.run(() => world.providers(ipB).storage.exists("file"));
    t.is(world.nowMs - startMs, 1);
  },
);

test.serial("a death leaves the disks of others alone", async (t) => {
  const world = worldOf();
  await world.run(async () => {
    const other = await world
      .providers("10.0.1.9")
      .storage.open("file", OpenOptions.openOrCreate);
    await other.append(text("unsynced"));
    world.boot(ipB, () => undefined);
    world.kill(ipB, { wipe: true });
    await world.time.sleep(10);
    t.is(await other.size(), 8);
  });
});

async function existsAfterKill(
  t: ExecutionContext,
  how: { sync?: boolean; wipe?: boolean },
): Promise<boolean> {
  const world = worldOf();
  return world.run(async () => {
    const file = await world
      .providers(ipB)
      .storage.open("file", OpenOptions.openOrCreate);
    if (how.sync === true) await file.sync();
    t.true(world.kill(ipB, { wipe: how.wipe === true }));
    return world.providers(ipB).storage.exists("file");
  });
}

async function content(storage: StorageProvider): Promise<string | undefined> {
  if (!(await storage.exists("file"))) return undefined;
  const file = await storage.open("file", OpenOptions.readOnly);
  return new TextDecoder().decode(await file.readAt(0, 1_000));
}

function text(value: string): Uint8Array {
  return new TextEncoder().encode(value);
}
