/** What disks cost in memory: what was written, and nothing for those who are dead. */
import test from "ava";

import { OpenOptions } from "../../src/core/index.ts";
import {
  Fingerprint,
  InMemoryStorage,
  type SimWorld,
} from "../../src/sim/index.ts";
import { collectGarbage } from "./garbage.ts";
import { ipA, pattern, strictDisk, worldOf } from "./support.ts";

const gibibyte = 1_073_741_824;

/** The one file on the disk, itself. */
function fileNode(world: SimWorld): { content: InMemoryStorage } {
  const [found] = world.disk(ipA).names.files();
  if (found === undefined) throw new Error("there is no file");
  return found[1];
}

test.serial(
  "a sparse file of 1 GiB costs what was written to it",
  async (t) => {
    const world = worldOf();
    await world.run(async () => {
      const { storage } = world.providers(ipA);
      const file = await storage.open("sparse", OpenOptions.openOrCreate);
      await file.setLen(gibibyte);
      for (let place = 0; place < 10; place += 1)
        await file.writeAt(place * 100_000_000, pattern(100));
      await file.sync();
      t.is(await file.size(), gibibyte);
      t.deepEqual(await file.readAt(900_000_000, 100), pattern(100));
      t.deepEqual(await file.readAt(800_000_100, 5), new Uint8Array(5));
    });
    const node = fileNode(world);
    t.true(node.content.bytesHeld <= 20 * 4_096, `${node.content.bytesHeld}`);
  },
);

test("a file that is never synced does not grow without bound", (t) => {
  const file = new InMemoryStorage();
  for (let count = 0; count < 20_000; count += 1)
    file.write(count % 7, Uint8Array.of(count), count);
  t.is(file.length, 7);
  t.true(file.dirty);
  t.true(file.unsyncedOperations <= 1_024);
});

test.serial(
  "what a dead process had open and deleted is collected, though its handle is kept",
  async (t) => {
    const world = worldOf({ storage: strictDisk });
    const { handle, content } = await world.run(async () => {
      const { storage } = world.providers(ipA);
      const file = await storage.open("doomed", OpenOptions.openOrCreate);
      await file.writeAt(0, pattern(100_000));
      const node = fileNode(world);
      const kept = { handle: file, content: new WeakRef(node) };
      await storage.delete("doomed");
      await storage.syncDir();
      return kept;
    });
    world.kill(ipA);
    await world.run(() => world.time.sleep(1));
    await collectGarbage();
    t.is(content.deref(), undefined);
    t.is(handle.path, "doomed");
  },
);

test("the fingerprint sees every one of many bytes, wherever in memory they lie", (t) => {
  const of = (bytes: Uint8Array): string => {
    const fingerprint = new Fingerprint();
    fingerprint.bytes(bytes);
    return fingerprint.toString();
  };
  const bytes = pattern(5_003);
  const shifted = new Uint8Array(6_000).subarray(3, 3 + bytes.length);
  shifted.set(bytes);
  t.is(of(shifted), of(bytes));
  const seen = new Set([of(bytes)]);
  for (let at = 0; at < bytes.length; at += 1) {
    bytes[at] = (bytes[at] as number) ^ 1;
    seen.add(of(bytes));
    bytes[at] = (bytes[at] as number) ^ 1;
  }
  t.is(seen.size, bytes.length + 1);
});
