/** Which names a disk has after a loss of power. */
import test from "ava";

import { OpenOptions, type StorageProvider } from "../../src/core/index.ts";
import { ipB, strictDisk, worldOf } from "./support.ts";

interface Story {
  readonly title: string;
  /** Begins with `old` and `folder/old`, both durable. */
  readonly work: (storage: StorageProvider) => Promise<unknown>;
  readonly left: readonly string[];
}

const stories: readonly Story[] = [
  {
    title: "what was created is there after a sync of its folder",
    work: async (storage) => {
      await create(storage, "folder/new");
      await storage.syncDir("folder");
    },
    left: ["old", "folder/old", "folder/new"],
  },
  {
    title: "a sync of another folder is of no use",
    work: async (storage) => {
      await create(storage, "folder/new");
      await storage.syncDir("");
    },
    left: ["old", "folder/old"],
  },
  {
    title: "a sync of a folder whose own name is not durable is of no use",
    work: async (storage) => {
      await storage.mkdir("deep/er");
      await create(storage, "deep/er/new");
      await storage.syncDir("deep/er");
      await storage.syncDir("deep");
    },
    left: ["old", "folder/old"],
  },
  {
    title: "a sync of every folder on the way is enough",
    work: async (storage) => {
      await storage.mkdir("deep/er");
      await create(storage, "deep/er/new");
      for (const folder of ["deep/er", "deep", ""])
        await storage.syncDir(folder);
    },
    left: ["old", "folder/old", "deep/er/new"],
  },
  {
    title: "a renaming is undone as a whole",
    work: (storage) => storage.rename("old", "folder/moved"),
    left: ["old", "folder/old"],
  },
  {
    title: "a renaming is durable as a whole, by a sync of where it went",
    work: async (storage) => {
      await storage.rename("old", "folder/moved");
      await storage.syncDir("folder");
    },
    left: ["folder/old", "folder/moved"],
  },
  {
    title: "a renaming is not durable by a sync of where it came from",
    work: async (storage) => {
      await storage.rename("old", "folder/moved");
      await storage.syncDir("");
    },
    left: ["old", "folder/old"],
  },
  {
    title: "a renaming makes durable what it builds upon",
    work: async (storage) => {
      await create(storage, "new");
      await storage.rename("new", "folder/moved");
      await storage.syncDir("folder");
    },
    left: ["old", "folder/old", "folder/moved"],
  },
  {
    title: "a file that was replaced is back if the renaming is undone",
    work: (storage) => storage.rename("old", "folder/old"),
    left: ["old", "folder/old"],
  },
  {
    title: "a name that came and went leaves nothing",
    work: async (storage) => {
      await create(storage, "new");
      await storage.delete("new");
      await storage.syncDir("");
    },
    left: ["old", "folder/old"],
  },
  {
    title: "a folder that was removed is back with what had left it",
    work: async (storage) => {
      await storage.delete("folder/old");
      await storage.rmdir("folder");
    },
    left: ["old", "folder/old"],
  },
  {
    title: "the removal of a folder is durable with all that emptied it",
    work: async (storage) => {
      await storage.mkdir("other");
      await storage.syncDir("");
      await storage.rename("folder/old", "other/moved");
      await storage.rmdir("folder");
      await storage.syncDir("");
    },
    left: ["old", "other/moved"],
  },
  {
    title: "a folder that came and went leaves nothing, and may come again",
    work: async (storage) => {
      await storage.mkdir("brief");
      await storage.rmdir("brief");
      await storage.mkdir("brief");
      await create(storage, "brief/new");
      await storage.syncDir("brief");
      await storage.syncDir("");
    },
    left: ["old", "folder/old", "brief/new"],
  },
  {
    title: "a sync does not cover what is created while it is under way",
    work: async (storage) => {
      const sync = storage.syncDir("");
      await create(storage, "new");
      await sync;
    },
    left: ["old", "folder/old"],
  },
];

for (const { title, work, left } of stories) {
  test.serial(`names after a crash: ${title}`, async (t) => {
    const world = worldOf({ storage: strictDisk });
    await world.run(async () => {
      const { storage } = world.providers(ipB);
      await storage.mkdir("folder");
      await create(storage, "old");
      await create(storage, "folder/old");
      await storage.syncDir("folder");
      await storage.syncDir("");
      await work(storage);
      world.kill(ipB);
      const after = world.providers(ipB).storage;
      t.deepEqual(await namesBelow(after, ""), [...left].sort());
    });
  });
}

for (const again of [false, true]) {
  test.serial(
    `names after a crash: a sync of a folder that failed ${again ? "and is repeated counts" : "is of no use"}`,
    async (t) => {
      const world = worldOf({ storage: strictDisk });
      await world.run(async () => {
        const { storage } = world.providers(ipB);
        await create(storage, "new");
        world.disk(ipB).configure({ syncFailureProbability: 1 });
        await t.throwsAsync(storage.syncDir(), { code: "io" });
        world.disk(ipB).configure({ syncFailureProbability: 0 });
        if (again) await storage.syncDir();
        world.kill(ipB);
        const after = world.providers(ipB).storage;
        t.deepEqual(await namesBelow(after, ""), again ? ["new"] : []);
      });
    },
  );
}

async function create(storage: StorageProvider, path: string): Promise<void> {
  await using file = await storage.open(path, OpenOptions.createNewWrite);
  await file.sync();
}

async function namesBelow(
  storage: StorageProvider,
  folder: string,
): Promise<string[]> {
  const found: string[] = [];
  for (const name of await storage.readdir(folder)) {
    const path = folder === "" ? name : `${folder}/${name}`;
    if (await storage.exists(path)) found.push(path);
    else found.push(...(await namesBelow(storage, path)));
  }
  return found.sort();
}
