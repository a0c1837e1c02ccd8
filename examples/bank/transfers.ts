/** What clients of the bank do while everything breaks, and what must hold afterwards. */
import { createClient, isRpcError, NetTransport } from "wavetank";
import {
  assertAlways,
  assertSometimes,
  type SimContext,
  type Workload,
} from "wavetank/sim";

import type { JournalEntry } from "../../gen/bank/v1/bank_pb.ts";
import {
  BankServiceRpc,
  type BankServiceClient,
} from "../../gen/bank/v1/bank_rpc.ts";

export const bankPort = 4500;
const accountCount = 4;
const firstCents = 1_000n;
const patienceMs = 60_000;

interface Branch {
  readonly address: string;
  readonly bank: BankServiceClient;
}

/** Moves money between random accounts of random branches, and remembers what was acknowledged. */
export class Transfers implements Workload {
  readonly name = "transfers";
  /** Request ids that the bank said it had applied, and where. */
  readonly #acknowledged = new Map<string, Branch>();
  #transport: NetTransport | undefined;
  #branches: Branch[] = [];

  async setup(ctx: SimContext): Promise<void> {
    const transport = NetTransport.client(ctx.providers);
    this.#transport = transport;
    this.#branches = ctx.topology
      .addresses("bank", bankPort)
      .map((address) => ({
        address,
        bank: createClient(BankServiceRpc, transport, address),
      }));
    for (const branch of this.#branches) {
      for (let account = 0; account < accountCount; account += 1)
        await this.#open(ctx, branch, account);
    }
  }

  async run(ctx: SimContext): Promise<void> {
    for (let count = 0; !ctx.chaosOver; count += 1) {
      await this.#transfer(ctx, `${ctx.name}-${count}`);
      await ctx.time.sleep(ctx.random.range(1, 400));
    }
  }

  /** Chaos is over. Everything is computed from what the servers hold and what they acknowledged. */
  async check(): Promise<void> {
    for (const branch of this.#branches) {
      const { entries, balances } = await readAll(branch.bank);
      const opened = sum(
        entries.filter(({ from }) => from === "").map(({ cents }) => cents),
      );
      const held = sum(balances.map(({ cents }) => cents));
      assertAlways(held === opened, "money is conserved", {
        branch: branch.address,
        opened,
        held,
      });
      this.#checkAcknowledged(branch, entries);
    }
    const resent = this.#branches.some(
      ({ address }) =>
        (this.#transport?.peer(address).metrics().messagesResent ?? 0) > 0,
    );
    assertSometimes(resent, "a request is sent again over a new connection");
    await this.#transport?.close();
  }

  #checkAcknowledged(branch: Branch, entries: readonly JournalEntry[]): void {
    const timesApplied = new Map<string, number>();
    for (const { requestId } of entries)
      timesApplied.set(requestId, (timesApplied.get(requestId) ?? 0) + 1);
    for (const [requestId, times] of timesApplied) {
      assertAlways(times === 1, "nothing is applied twice", {
        requestId,
        times,
      });
    }
    for (const [requestId, where] of this.#acknowledged) {
      if (where !== branch) continue;
      const times = timesApplied.get(requestId) ?? 0;
      assertAlways(times === 1, "acknowledged means applied once", {
        requestId,
        times,
      });
    }
  }

  async #open(ctx: SimContext, branch: Branch, account: number): Promise<void> {
    const requestId = `${ctx.name}-open-${account}`;
    const request = {
      requestId,
      account: accountName(ctx, account),
      cents: firstCents,
    };
    await branch.bank.openAccount(request, { timeoutMs: patienceMs });
    this.#acknowledged.set(requestId, branch);
  }

  async #transfer(ctx: SimContext, requestId: string): Promise<void> {
    const { random } = ctx;
    const branch = random.pick(this.#branches);
    const [from, to] = [
      random.below(accountCount),
      random.below(accountCount),
    ].map((n) => accountName(ctx, n));
    try {
      await branch.bank.transfer({
        requestId,
        from: from ?? "",
        to: to ?? "",
        cents: BigInt(random.range(1, 100)),
      });
      this.#acknowledged.set(requestId, branch);
      assertSometimes(true, "a transfer succeeds");
    } catch (error) {
      if (!isRpcError(error)) throw error;
      assertSometimes(
        error.delivery === "maybe",
        "a transfer is left in doubt",
      );
      assertAlways(
        error.code !== "not_found",
        "an account that was opened stays",
        { requestId },
      );
    }
  }
}

function accountName(ctx: SimContext, number: number): string {
  return `${ctx.name}/${number}`;
}

async function readAll(bank: BankServiceClient) {
  const entries: JournalEntry[] = [];
  for (;;) {
    // A client that was cut off for long tries again only now and then.
    const page = await bank.listTransfers(
      { afterPosition: entries.length },
      { timeoutMs: patienceMs },
    );
    entries.push(...page.entries);
    if (entries.length >= page.lastPosition)
      return { entries, balances: page.balances };
  }
}

function sum(amounts: readonly bigint[]): bigint {
  return amounts.reduce((total, cents) => total + cents, 0n);
}
