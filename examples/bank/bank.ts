/** The bank: knows nothing of TCP, nothing of simulation. */
import { buggify, errorDetail, NetTransport, RpcError, serve, type Providers } from "wavetank";

import { AccountExistsSchema, InsufficientFundsSchema, UnknownAccountSchema } from "../../gen/bank/v1/bank_pb.ts";
import { BankServiceRpc } from "../../gen/bank/v1/bank_rpc.ts";
import { Ledger, type Change, type Mistakes, type Verdict } from "./ledger.ts";

const pageMax = 500;

/** One bank server. Everything it does goes through `providers`. */
export async function startBank(
  providers: Providers,
  listen: string,
  mistakes: Mistakes = {},
): Promise<AsyncDisposable> {
  const ledger = await Ledger.open(providers, mistakes);
  const transport = await listenOrClose(providers, listen, ledger);

  async function apply(change: Change): Promise<object> {
    checkChange(change);
    const verdict = await ledger.apply(change);
    if (buggify("the bank hesitates before it answers")) await providers.time.sleep(200);
    if (verdict.kind !== "applied") throw refusal(change, verdict);
    return {};
  }

  const server = serve(transport, BankServiceRpc, {
    openAccount: ({ requestId, account, cents }) => apply({ requestId, from: "", to: account, cents }),
    transfer: ({ requestId, from, to, cents }) => {
      if (cents <= 0n || from === "") throw new RpcError("invalid_argument", `cannot move ${cents} from "${from}"`);
      return apply({ requestId, from, to, cents });
    },
    getBalance: ({ account }) => {
      const cents = ledger.balances.get(account);
      if (cents === undefined) throw unknownAccount(account);
      return { cents };
    },
    listTransfers: ({ afterPosition, limit }) => ({
      entries: ledger.entries.slice(afterPosition, afterPosition + Math.min(limit || pageMax, pageMax)),
      balances: [...ledger.balances]
        .map(([account, cents]) => ({ account, cents }))
        .sort((left, right) => (left.account < right.account ? -1 : 1)),
      lastPosition: ledger.entries.length,
    }),
  });

  return {
    async [Symbol.asyncDispose]() {
      await server.stop();
      await transport.close();
      await ledger.close();
    },
  };
}

/** A bank that cannot listen leaves nothing open. */
async function listenOrClose(providers: Providers, listen: string, ledger: Ledger): Promise<NetTransport> {
  try {
    return await NetTransport.listen(providers, listen);
  } catch (error) {
    await ledger.close();
    throw error;
  }
}

/** What the contract excludes never reaches the ledger. */
function checkChange({ requestId, to, cents }: Change): void {
  if (requestId === "") throw new RpcError("invalid_argument", "a change needs a request id");
  if (to === "") throw new RpcError("invalid_argument", "an account needs a name");
  if (cents < 0n) throw new RpcError("invalid_argument", `an account cannot be opened with ${cents}`);
}

function refusal({ from, to }: Change, verdict: Verdict): RpcError {
  switch (verdict.kind) {
    case "unknown_account":
      return unknownAccount(verdict.account);
    case "insufficient_funds":
      return new RpcError("failed_precondition", `"${from}" holds ${verdict.cents} only`, {
        details: [errorDetail(InsufficientFundsSchema, { account: from, cents: verdict.cents })],
      });
    default:
      return new RpcError("already_exists", `account "${to}" was opened before`, {
        details: [errorDetail(AccountExistsSchema, { account: to })],
      });
  }
}

function unknownAccount(account: string): RpcError {
  const details = [errorDetail(UnknownAccountSchema, { account })];
  return new RpcError("not_found", `nobody opened account "${account}"`, { details });
}
