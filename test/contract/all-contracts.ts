/** Every contract, and the proof that nobody skips any of it. */
import type { ExecutionContext } from "ava";

import { acceptContract } from "./accept.contract.ts";
import type { Contract, ContractTest, Harness } from "./contract.ts";
import { connectContract } from "./connect.contract.ts";
import { datagramContract } from "./datagram.contract.ts";
import { networkContract } from "./network.contract.ts";
import { randomContract } from "./random.contract.ts";
import { selectContract } from "./select.contract.ts";
import { storageContract } from "./storage.contract.ts";
import { storageNamesContract } from "./storage-names.contract.ts";
import { storageStreamContract } from "./storage-stream.contract.ts";
import { streamEndContract } from "./stream-end.contract.ts";
import { streamContract } from "./stream.contract.ts";
import { tasksContract } from "./tasks.contract.ts";
import { timeContract } from "./time.contract.ts";
import { waitContract } from "./wait.contract.ts";

const contracts: readonly Contract[] = [
  timeContract,
  waitContract,
  tasksContract,
  selectContract,
  randomContract,
  connectContract,
  acceptContract,
  networkContract,
  datagramContract,
  streamContract,
  streamEndContract,
  storageContract,
  storageNamesContract,
  storageStreamContract,
];

/** Run all contracts against `who`, then compare what ran with what there is. */
export function allContracts(
  test: ContractTest,
  who: string,
  harness: Harness,
): void {
  const ran: string[] = [];
  const recording: ContractTest = {
    serial: (title, body) =>
      test.serial(title, (t) => {
        ran.push(title);
        return body(t);
      }),
  };
  for (const contract of contracts) contract(recording, who, harness);
  test.serial(
    `${who} ran the same cases as every other implementation`,
    async (t) => compareTitles(t, who, ran),
  );
}

/** The expectation is declared for nobody, so it cannot depend on `who`. */
async function compareTitles(
  t: ExecutionContext,
  who: string,
  ran: readonly string[],
): Promise<void> {
  const expected: string[] = [];
  const listing: ContractTest = {
    serial: (title) => void expected.push(title),
  };
  for (const contract of contracts) contract(listing, "", unused);
  t.deepEqual(
    ran,
    expected.map((title) => `${who}${title}`),
  );
  t.true(
    expected.length >= casesMin,
    `${expected.length} cases are fewer than there once were`,
  );
}

const unused: Harness = {
  run: () => Promise.reject(new Error("a list of titles runs nothing")),
};

/** Raise it when cases are added: a suite must not shrink unnoticed. */
const casesMin = 183;
