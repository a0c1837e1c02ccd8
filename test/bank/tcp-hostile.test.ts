/** The bank on real TCP among strangers: ports that are taken, and guests that do not speak its language. */
import { connect, type Socket } from "node:net";
import test from "ava";

import { startBank } from "../../examples/bank/bank.ts";
import type { Providers, StorageFile } from "../../src/core/index.ts";
import { isNetworkError } from "../../src/index.ts";
import { nodeProviders } from "../../src/node/index.ts";
import { forwardFile, forwardStorage } from "../forward-storage.ts";
import { onTcp } from "./support.ts";

test("a second bank at the same port is refused, and the first goes on", (t) =>
  onTcp(async ({ address, bank, folder }) => {
    const error = await t.throwsAsync(
      startBank(nodeProviders({ dataFolder: `${folder}/second` }), address),
    );
    t.true(isNetworkError(error, "address_in_use"), String(error));
    await bank.openAccount({ requestId: "1", account: "alice", cents: 1n });
  }));

test("a bank that cannot listen leaves no file open", (t) =>
  onTcp(async ({ address, folder }) => {
    const open = new Set<StorageFile>();
    const { network, time, tasks, random, storage, trace } = nodeProviders({
      dataFolder: `${folder}/second`,
    });
    const providers: Providers = {
      network,
      time,
      tasks,
      random,
      trace,
      storage: counting(storage, open),
    };
    await t.throwsAsync(startBank(providers, address));
    t.is(open.size, 0);
  }));

/** The same disk, which knows what is open. */
function counting(
  storage: Providers["storage"],
  open: Set<StorageFile>,
): Providers["storage"] {
  return forwardStorage(storage, (file) => {
    open.add(file);
    const close = (): Promise<void> => {
      open.delete(file);
      return file.close();
    };
    return forwardFile(file, { close });
  });
}

const garbage: [what: string, bytes: Uint8Array][] = [
  ["a request of the web", Buffer.from("GET / HTTP/1.1\r\nHost: bank\r\n\r\n")],
  ["zeros", new Uint8Array(4_096)],
  ["ones", new Uint8Array(4_096).fill(0xff)],
  [
    "noise",
    Uint8Array.from(
      { length: 100_000 },
      (_, at) => Math.imul(at, 0x9e3779b1) >>> 24,
    ),
  ],
];

for (const [what, bytes] of garbage) {
  test(`a guest that sends ${what} is shown out, and disturbs nobody`, (t) =>
    onTcp(async ({ port, bank }) => {
      await bank.openAccount({ requestId: "1", account: "alice", cents: 1n });
      const guests = Array.from({ length: 5 }, () =>
        connect({ port, host: "127.0.0.1" }),
      );
      const gone = Promise.all(guests.map(shownOut));
      for (const guest of guests) guest.write(bytes);
      for (let count = 0; count < 50; count += 1) {
        t.is(
          (await bank.getBalance.tryGetReply({ account: "alice" })).cents,
          1n,
        );
      }
      await gone;
      t.is((await bank.getBalance.tryGetReply({ account: "alice" })).cents, 1n);
    }));
}

/** Resolves when the other side has ended the connection, in whatever way. */
async function shownOut(guest: Socket): Promise<void> {
  guest.on("error", () => {
    // A reset is one way to be shown out.
  });
  guest.resume();
  await new Promise((resolve) => {
    guest.once("close", resolve);
  });
}

test("a guest that says nothing, or leaves in mid-sentence, disturbs nobody", (t) =>
  onTcp(async ({ port, bank, restart }) => {
    const silent = connect({ port, host: "127.0.0.1" });
    const rude = connect({ port, host: "127.0.0.1" });
    const gone = Promise.all([shownOut(silent), shownOut(rude)]);
    rude.write(new Uint8Array([1, 2, 3]), () => rude.destroy());
    await bank.openAccount({ requestId: "1", account: "alice", cents: 1n });
    t.is((await bank.getBalance({ account: "alice" })).cents, 1n);
    await restart();
    await gone;
    t.is((await bank.getBalance({ account: "alice" })).cents, 1n);
  }));
