/** The bank on real TCP: the same code as in the tank, with the machine's own network, clock and disk. */
import { appendFile, readFile } from "node:fs/promises";
import { join } from "node:path";
import test, { type ExecutionContext } from "ava";

import {
  AccountExistsSchema,
  InsufficientFundsSchema,
  UnknownAccountSchema,
} from "../../gen/bank/v1/bank_pb.ts";
import { findDetail, RpcError, type RpcErrorCode } from "../../src/index.ts";
import { onTcp, type TcpBank } from "./support.ts";

/** Open alice's account with 100 and bob's with 50. */
async function openBoth({ bank }: TcpBank): Promise<void> {
  await bank.openAccount({
    requestId: "open alice",
    account: "alice",
    cents: 100n,
  });
  await bank.openAccount({ requestId: "open bob", account: "bob", cents: 50n });
}

async function balances({ bank }: TcpBank): Promise<Record<string, bigint>> {
  const page = await bank.listTransfers({});
  return Object.fromEntries(
    page.balances.map(({ account, cents }) => [account, cents]),
  );
}

/** The error of a call that the server answered with one. */
async function refusal(
  t: ExecutionContext,
  call: Promise<unknown>,
  code: RpcErrorCode,
): Promise<RpcError> {
  const error = await t.throwsAsync(call, { instanceOf: RpcError });
  t.like(error, { code, delivery: "answered" });
  return error as RpcError;
}

const transfer = { requestId: "1", from: "alice", to: "bob", cents: 30n };

test("the bank on TCP opens accounts, moves money and tells balances", (t) =>
  onTcp(async (tcp) => {
    await openBoth(tcp);
    await tcp.bank.transfer(transfer);
    t.is((await tcp.bank.getBalance({ account: "alice" })).cents, 70n);
    t.is((await tcp.bank.getBalance({ account: "bob" })).cents, 80n);
    const { entries, lastPosition } = await tcp.bank.listTransfers({});
    t.deepEqual(
      entries.map(({ position, requestId }) => `${position} ${requestId}`),
      ["1 open alice", "2 open bob", "3 1"],
    );
    t.is(lastPosition, 3);
  }));

test("the bank on TCP applies a request id once, also when the same comes many times at once", (t) =>
  onTcp(async (tcp) => {
    await openBoth(tcp);
    await Promise.all(
      Array.from({ length: 20 }, () => tcp.bank.transfer(transfer)),
    );
    await tcp.bank.transfer.tryGetReply(transfer);
    t.deepEqual(await balances(tcp), { alice: 70n, bob: 80n });
  }));

test("the bank on TCP keeps its money through a restart, and clients find it again", (t) =>
  onTcp(async (tcp) => {
    await openBoth(tcp);
    await tcp.bank.transfer(transfer);
    await tcp.restart();
    t.deepEqual(await balances(tcp), { alice: 70n, bob: 80n });
    await tcp.bank.transfer(transfer);
    t.deepEqual(
      await balances(tcp),
      { alice: 70n, bob: 80n },
      "it remembers the request too",
    );
    await tcp.bank.transfer({ ...transfer, requestId: "2" });
    t.deepEqual(await balances(tcp), { alice: 40n, bob: 110n });
  }));

test("the bank on TCP cuts a torn tail off its journal, and goes on", (t) =>
  onTcp(async (tcp) => {
    await openBoth(tcp);
    const file = join(tcp.folder, "ledger.journal");
    const whole = await readFile(file);
    await tcp.restart(() =>
      appendFile(file, whole.subarray(0, whole.length - 3)),
    );
    t.deepEqual(
      (await tcp.bank.listTransfers({})).entries.length,
      3,
      "of four, one was torn",
    );
    await tcp.restart(() => appendFile(file, Buffer.alloc(40)));
    await tcp.bank.transfer(transfer);
    await tcp.restart();
    t.is((await tcp.bank.listTransfers({})).entries.at(-1)?.requestId, "1");
  }));

test("the bank on TCP lists its journal page by page", (t) =>
  onTcp(async (tcp) => {
    await openBoth(tcp);
    for (let count = 0; count < 5; count += 1)
      await tcp.bank.transfer({
        ...transfer,
        requestId: `${count}`,
        cents: 1n,
      });
    const pages: number[][] = [];
    for (let after = 0; after < 7; after += 3) {
      const { entries, lastPosition } = await tcp.bank.listTransfers({
        afterPosition: after,
        limit: 3,
      });
      t.is(lastPosition, 7);
      pages.push(entries.map(({ position }) => position));
    }
    t.deepEqual(pages, [[1, 2, 3], [4, 5, 6], [7]]);
  }));

test("the bank on TCP says which account nobody opened", (t) =>
  onTcp(async (tcp) => {
    await openBoth(tcp);
    const wrong: (() => Promise<unknown>)[] = [
      () => tcp.bank.getBalance({ account: "carol" }),
      () => tcp.bank.transfer({ ...transfer, to: "carol" }),
      () => tcp.bank.transfer({ ...transfer, from: "carol" }),
    ];
    for (const call of wrong) {
      const error = await refusal(t, call(), "not_found");
      t.is(error.rawMessage, 'nobody opened account "carol"');
      t.is(findDetail(error, UnknownAccountSchema)?.account, "carol");
      t.is(findDetail(error, InsufficientFundsSchema), undefined);
    }
  }));

test("the bank on TCP says how little there is, and which account exists", (t) =>
  onTcp(async (tcp) => {
    await openBoth(tcp);
    const poor = await refusal(
      t,
      tcp.bank.transfer({ ...transfer, cents: 101n }),
      "failed_precondition",
    );
    t.like(findDetail(poor, InsufficientFundsSchema), {
      account: "alice",
      cents: 100n,
    });
    const again = { requestId: "again", account: "alice", cents: 1n };
    const exists = await refusal(
      t,
      tcp.bank.openAccount(again),
      "already_exists",
    );
    t.is(findDetail(exists, AccountExistsSchema)?.account, "alice");
    t.deepEqual(await balances(tcp), { alice: 100n, bob: 50n });
  }));

test("the bank on TCP refuses what its contract excludes, and nothing comes of it", (t) =>
  onTcp(async (tcp) => {
    await openBoth(tcp);
    const { bank } = tcp;
    const account = { requestId: "2", account: "carol", cents: 1n };
    const excluded: [what: string, call: () => Promise<unknown>][] = [
      [
        "a transfer of nothing",
        () => bank.transfer({ ...transfer, cents: 0n }),
      ],
      [
        "a transfer of less than nothing",
        () => bank.transfer({ ...transfer, cents: -5n }),
      ],
      [
        "a transfer from nowhere",
        () => bank.transfer({ ...transfer, from: "" }),
      ],
      [
        "a transfer without a request id",
        () => bank.transfer({ ...transfer, requestId: "" }),
      ],
      [
        "an account of less than nothing",
        () => bank.openAccount({ ...account, cents: -1n }),
      ],
      [
        "an account without a name",
        () => bank.openAccount({ ...account, account: "" }),
      ],
      [
        "an account without a request id",
        () => bank.openAccount({ ...account, requestId: "" }),
      ],
    ];
    for (const [what, call] of excluded) {
      t.log(what);
      await refusal(t, call(), "invalid_argument");
    }
    t.deepEqual(await balances(tcp), { alice: 100n, bob: 50n });
    t.is((await bank.listTransfers({})).lastPosition, 2);
  }));
