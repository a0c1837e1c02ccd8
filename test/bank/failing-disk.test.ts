/** The ledger on a disk that fails: what is not surely in the journal is not acknowledged, then or later. */
import test from "ava";

import { Ledger } from "../../examples/bank/ledger.ts";
import {
  silentTrace,
  StorageError,
  type StorageProvider,
} from "../../src/core/index.ts";
import { forwardFile, forwardStorage } from "../forward-storage.ts";
import { onMachine, opening } from "./support.ts";

/** Which call of which method fails, and how much of it took place before. */
interface Fault {
  readonly method: "append" | "sync";
  readonly call: number;
}

/** The same disk, with one operation that fails; an append that fails leaves half of its bytes behind. */
function faulty(
  storage: StorageProvider,
  { method, call }: Fault,
): StorageProvider {
  let calls = 0;
  const failsNow = (called: string): boolean =>
    called === method && (calls += 1) === call;
  return forwardStorage(storage, (file) =>
    forwardFile(file, {
      append: async (bytes) => {
        if (!failsNow("append")) return file.append(bytes);
        await file.append(bytes.subarray(0, bytes.length >> 1));
        throw failure(file.path);
      },
      sync: () =>
        failsNow("sync") ? Promise.reject(failure(file.path)) : file.sync(),
    }),
  );
}

function failure(path: string): StorageError<"io"> {
  return new StorageError("io", `${path}: the disk failed`, { path });
}

/** The second entry's. Opening the journal takes a sync, too. */
const secondCalls = { append: 2, sync: 3 } as const;

for (const method of ["append", "sync"] as const) {
  test.serial(
    `Ledger cuts off what it could not ${method}, and goes on behind what is durable`,
    (t) =>
      onMachine(async ({ providers }) => {
        const ledger = await Ledger.open({
          trace: silentTrace,
          storage: faulty(providers.storage, {
            method,
            call: secondCalls[method],
          }),
        });
        const acknowledged: string[] = [];
        for (const account of ["a", "b", "c", "d"]) {
          try {
            await ledger.apply(opening(account, 1n));
            acknowledged.push(account);
          } catch (error) {
            t.true(error instanceof StorageError);
          }
        }
        await ledger.close();
        t.deepEqual(acknowledged, ["a", "c", "d"]);
        t.deepEqual([...ledger.balances.keys()], acknowledged);
        const found = [...(await Ledger.open(providers)).balances.keys()];
        t.deepEqual(found, acknowledged);
      }),
  );
}
