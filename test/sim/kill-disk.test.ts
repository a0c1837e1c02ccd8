/** What a disk holds after a loss of power: exactly what was synced. */
import test from "ava";

import {
  OpenOptions,
  type StorageFile,
  type StorageProvider,
} from "../../src/core/index.ts";
import { ipB, strictDisk, worldOf } from "./support.ts";

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
  /** Writes that were dropped, and changes of lengths and names. Default: none. */
  readonly lost?: readonly [writes: number, metadata: number];
}

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
    lost: [1, 1],
  },
  {
    title: "loses a write that was not synced",
    work: (file) => file.writeAt(0, text("D")),
    left: "durable",
    lost: [1, 0],
  },
  {
    title: "loses a cut that was not synced",
    work: (file) => file.setLen(3),
    left: "durable",
    lost: [0, 1],
  },
  {
    title: "loses an extension that was not synced",
    work: (file) => file.setLen(99),
    left: "durable",
    lost: [0, 1],
  },
  {
    title: "loses an emptying by open() that was not synced",
    work: (_, storage) => storage.open("file", OpenOptions.createWrite),
    left: "durable",
    lost: [0, 1],
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
    lost: [1, 1],
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
    lost: [1, 1],
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
    killAfterMs: 9.9,
    left: "durable",
  },
  {
    title: "follows a file under its new name",
    work: async (file, storage) => {
      await storage.rename("file", "elsewhere");
      await file.append(text("+"));
      await file.sync();
      await storage.rename("elsewhere", "file");
      await storage.syncDir();
    },
    left: "durable+",
  },
  {
    title: "loses a renaming whose folder was not synced",
    work: (_, storage) => storage.rename("file", "elsewhere"),
    left: "durable",
    lost: [0, 1],
  },
  {
    title: "brings back what was deleted, if its folder was not synced",
    work: (_, storage) => storage.delete("file"),
    left: "durable",
    lost: [0, 1],
  },
  {
    title: "is not helped by what was done while a sync was under way",
    work: async (file) => {
      await file.append(text("+"));
      const sync = file.sync();
      await file.append(text("-"));
      await sync;
    },
    left: "durable+",
    lost: [1, 1],
  },
  {
    title: "does not bring back what was deleted",
    work: async (_, storage) => {
      await storage.delete("file");
      await storage.syncDir();
    },
    left: undefined,
  },
];

for (const {
  title,
  work,
  killAfterMs = 1_000,
  left,
  lost = [0, 0],
} of stories) {
  test.serial(`a disk that loses power ${title}`, async (t) => {
    const world = worldOf({ storage: strictDisk });
    world.boot(ipB, async ({ storage, time }) => {
      const file = await storage.open("file", OpenOptions.openOrCreate);
      await file.append(text("durable"));
      await file.sync();
      await storage.syncDir();
      time.schedule(killAfterMs, () => world.kill(ipB));
      await work(file, storage);
    });
    await world.runUntil(() => !world.isAlive(ipB));
    t.is(await world.run(() => content(world.providers(ipB).storage)), left);
    const { counts } = world.faults;
    const losses = ["dropped write", "lost metadata"] as const;
    t.deepEqual(
      losses.map((loss) => counts.get(loss) ?? 0),
      lost,
    );
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
