/** The ledger over a simulated disk: who has how much, and what is refused. */
import test from "ava";

import {
  Ledger,
  type Change,
  type Mistakes,
} from "../../examples/bank/ledger.ts";
import { onMachine, opening, type Machine } from "./support.ts";

const pay = (
  requestId: string,
  from: string,
  to: string,
  cents: bigint,
): Change => ({ requestId, from, to, cents });
const applied = { kind: "applied" } as const;

/** A ledger with alice, who has 100, and bob, who has 50. */
async function twoAccounts(
  { providers }: Machine,
  mistakes?: Mistakes,
): Promise<Ledger> {
  const ledger = await Ledger.open(providers, mistakes);
  await ledger.apply(opening("alice", 100n));
  await ledger.apply(opening("bob", 50n));
  return ledger;
}

const balances = (ledger: Ledger): Record<string, bigint> =>
  Object.fromEntries(ledger.balances);

test.serial("Ledger moves money, and numbers its entries", (t) =>
  onMachine(async (machine) => {
    const ledger = await twoAccounts(machine);
    t.deepEqual(await ledger.apply(pay("1", "alice", "bob", 30n)), applied);
    t.deepEqual(balances(ledger), { alice: 70n, bob: 80n });
    t.deepEqual(
      ledger.entries.map(
        ({ position, requestId }) => `${position} ${requestId}`,
      ),
      ["1 open alice", "2 open bob", "3 1"],
    );
  }),
);

test.serial(
  "Ledger gives away the last cent, and leaves alone who pays himself",
  (t) =>
    onMachine(async (machine) => {
      const ledger = await twoAccounts(machine);
      t.deepEqual(await ledger.apply(pay("1", "alice", "bob", 100n)), applied);
      t.deepEqual(await ledger.apply(pay("2", "bob", "bob", 150n)), applied);
      t.deepEqual(balances(ledger), { alice: 0n, bob: 150n });
    }),
);

const refusals: [what: string, change: Change, verdict: object][] = [
  [
    "from an account that does not exist",
    pay("1", "carol", "bob", 1n),
    { kind: "unknown_account", account: "carol" },
  ],
  [
    "to an account that does not exist",
    pay("1", "alice", "carol", 1n),
    { kind: "unknown_account", account: "carol" },
  ],
  [
    "of more than there is",
    pay("1", "alice", "bob", 101n),
    { kind: "insufficient_funds", cents: 100n },
  ],
];
for (const [what, change, verdict] of refusals) {
  test.serial(
    `Ledger refuses a transfer ${what}, and remembers nothing of it`,
    (t) =>
      onMachine(async (machine) => {
        const ledger = await twoAccounts(machine);
        t.deepEqual(await ledger.apply(change), verdict as never);
        t.deepEqual(balances(ledger), { alice: 100n, bob: 50n });
        t.is(ledger.entries.length, 2);
        await ledger.apply(opening("carol", 500n));
        await ledger.apply(pay("2", "bob", "alice", 1n));
        t.deepEqual(
          await ledger.apply(change),
          applied,
          "the same request may succeed later",
        );
      }),
  );
}

test.serial("Ledger opens an account once", (t) =>
  onMachine(async (machine) => {
    const ledger = await twoAccounts(machine);
    t.deepEqual(
      await ledger.apply({ ...opening("alice", 5n), requestId: "again" }),
      { kind: "account_exists" },
    );
    t.deepEqual(
      await ledger.apply(opening("alice", 100n)),
      applied,
      "the same request again is no second one",
    );
    t.deepEqual(balances(ledger), { alice: 100n, bob: 50n });
  }),
);

test.serial(
  "Ledger applies a request id once, however often it comes, also while the first is in flight",
  (t) =>
    onMachine(async (machine) => {
      const ledger = await twoAccounts(machine);
      const change = pay("1", "alice", "bob", 30n);
      t.deepEqual(
        await Promise.all([1, 2, 3].map(() => ledger.apply(change))),
        [applied, applied, applied],
      );
      t.deepEqual(await ledger.apply(change), applied);
      t.deepEqual(balances(ledger), { alice: 70n, bob: 80n });
      t.is(ledger.entries.length, 3);
    }),
);

test.serial(
  "Ledger lets one of two transfers have the money that is enough for one",
  (t) =>
    onMachine(async (machine) => {
      const ledger = await twoAccounts(machine);
      const verdicts = await Promise.all(
        ["1", "2"].map((id) => ledger.apply(pay(id, "alice", "bob", 60n))),
      );
      t.deepEqual(verdicts, [
        applied,
        { kind: "insufficient_funds", cents: 40n },
      ]);
      t.deepEqual(balances(ledger), { alice: 40n, bob: 110n });
    }),
);

test.serial(
  "Ledger is the same when it is opened again, and knows what was applied",
  (t) =>
    onMachine(async (machine) => {
      const before = await twoAccounts(machine);
      await before.apply(pay("1", "alice", "bob", 30n));
      await before.close();
      const after = await Ledger.open(machine.providers);
      t.deepEqual(after.entries, before.entries);
      t.deepEqual(balances(after), { alice: 70n, bob: 80n });
      t.deepEqual(await after.apply(pay("1", "alice", "bob", 30n)), applied);
      t.is(after.entries.length, 3);
    }),
);

test.serial("Ledger closes only after the changes that are in flight", (t) =>
  onMachine(async (machine) => {
    const ledger = await twoAccounts(machine);
    const verdict = ledger.apply(pay("1", "alice", "bob", 30n));
    await ledger.close();
    t.is(ledger.entries.length, 3);
    t.deepEqual(await verdict, applied);
  }),
);

test.serial(
  "Ledger acknowledges nothing that a loss of power could take back",
  (t) =>
    onMachine(async (machine) => {
      const ledger = await twoAccounts(machine);
      await ledger.apply(pay("1", "alice", "bob", 30n));
      await machine.powerCut();
      t.deepEqual(balances(await Ledger.open(machine.providers)), {
        alice: 70n,
        bob: 80n,
      });
    }),
);

const mistakes: [
  mistakes: Mistakes,
  afterTwice: Record<string, bigint>,
  afterPowerCut: Record<string, bigint>,
][] = [
  [
    { forgetsToDeduplicate: true },
    { alice: 40n, bob: 110n },
    { alice: 40n, bob: 110n },
  ],
  [{ acknowledgesBeforeSync: true }, { alice: 70n, bob: 80n }, {}],
  [{ forgetsItsJournal: true }, { alice: 70n, bob: 80n }, {}],
];
for (const [mistake, afterTwice, afterPowerCut] of mistakes) {
  test.serial(
    `Ledger makes the one mistake that it is told to make: ${Object.keys(mistake)[0]}`,
    (t) =>
      onMachine(async (machine) => {
        const ledger = await twoAccounts(machine, mistake);
        for (let times = 0; times < 2; times += 1)
          await ledger.apply(pay("1", "alice", "bob", 30n));
        t.deepEqual(balances(ledger), afterTwice);
        await machine.powerCut();
        t.deepEqual(
          balances(await Ledger.open(machine.providers, mistake)),
          afterPowerCut,
        );
      }),
  );
}
