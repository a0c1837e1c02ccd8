/** What a contract says of who may call, and how many at once. */
import test from "ava";

import { isRpcError } from "../../src/rpc/index.ts";
import { address, atDesk, clientIp, specWith } from "./notes.ts";

test.serial(
  "callers from outside may call what is public, and nothing else",
  async (t) => {
    const spec = specWith("write", { public: true });
    const asked: string[] = [];
    const isInside = ({ peer }: { peer: { ip: string } }): boolean => {
      asked.push(peer.ip);
      return false;
    };
    await atDesk({ spec, serve: { isInside } }, async ({ notes }) => {
      t.is((await notes.write({ account: "alice" })).cents, 5n);
      const error = await t.throwsAsync(notes.read({ account: "alice" }));
      t.true(isRpcError(error, "permission_denied"), String(error));
      t.deepEqual(asked, [clientIp]);
    });
  },
);

test.serial(
  "a check of callers that fails admits nobody, is told to the log, and stops nothing",
  async (t) => {
    const problems: string[] = [];
    const isInside = ({ peerName }: { peerName: string | undefined }) =>
      peerName!.endsWith(".inside");
    const onError = (problem: unknown, { method }: { method: string }) =>
      problems.push(`${method}: ${(problem as Error).name}`);
    const spec = specWith("write", { public: true });
    await atDesk({ spec, serve: { isInside, onError } }, async ({ notes }) => {
      const error = await t.throwsAsync(notes.read({}));
      t.true(isRpcError(error, "permission_denied"), String(error));
      t.deepEqual(problems, ["test.v1.Notes.Read: TypeError"]);
      t.is((await notes.write({ account: "alice" })).cents, 5n);
    });
  },
);

test.serial(
  "a check of callers that answers neither true nor false admits nobody",
  async (t) => {
    const problems: string[] = [];
    // It promises an answer, and would pass for one.
    const isInside = (() => Promise.resolve(false)) as unknown as () => boolean;
    const onError = (problem: unknown) => problems.push(String(problem));
    await atDesk({ serve: { isInside, onError } }, async ({ notes }) => {
      const error = await t.throwsAsync(notes.read({}));
      t.true(isRpcError(error, "permission_denied"), String(error));
      t.deepEqual(problems, [
        "TypeError: isInside must answer true or false, not a Promise",
      ]);
    });
  },
);

test.serial("callers from inside may call everything", async (t) => {
  const isInside = ({ peer }: { peer: { ip: string } }): boolean =>
    peer.ip.startsWith("10.");
  await atDesk({ serve: { isInside } }, async ({ notes }) => {
    t.is((await notes.read({ account: "alice" })).cents, 5n);
  });
});

test.serial(
  "a method runs as many calls at once as the contract says, and turns others away",
  async (t) => {
    const ends: (() => void)[] = [];
    const write = async (): Promise<{ cents: bigint }> => {
      await new Promise<void>((resolve) => ends.push(resolve));
      return { cents: 1n };
    };
    const spec = specWith("write", { concurrency: 2 });
    await atDesk({ spec, handler: { write } }, async ({ notes, sleep }) => {
      const calls = Array.from({ length: 3 }, () =>
        notes.write({}).then(
          ({ cents }) => String(cents),
          (error: unknown) => (isRpcError(error) ? error.code : "?"),
        ),
      );
      await sleep(100);
      t.is(ends.length, 2);
      for (const end of ends.splice(0)) end();
      t.deepEqual(await Promise.all(calls), ["1", "1", "resource_exhausted"]);
      const next = notes.write({});
      await sleep(100);
      for (const end of ends) end();
      t.is((await next).cents, 1n);
    });
  },
);

test.serial(
  "a method that the contract deduplicates applies a call once",
  async (t) => {
    let count = 0n;
    const write = async (): Promise<{ cents: bigint }> => {
      count += 1n;
      await new Promise<void>((resolve) => (end = resolve));
      return { cents: count };
    };
    let end = (): void => undefined;
    const spec = specWith("write", { dedupe: true, delivery: "at_least_once" });
    await atDesk({ spec, handler: { write } }, async (desk) => {
      const call = desk.notes.write({});
      await desk.sleep(100);
      desk.world.network.circuits[0]?.client.reset();
      await desk.sleep(1_000);
      end();
      t.is((await call).cents, 1n);
      t.is(count, 1n);
      t.is(desk.client.peer(address).metrics().messagesResent, 1);
    });
  },
);
