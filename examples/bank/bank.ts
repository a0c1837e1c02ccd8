/** The bank: knows nothing of TCP, nothing of simulation. */
import { buggify, NetTransport, serve, type Providers } from "wavetank";

import { BankServiceRpc } from "../../gen/bank/v1/bank_rpc.ts";
import {
  balanceOf,
  checkChange,
  checkTransfer,
  pageOf,
  refusal,
} from "./answers.ts";
import { Ledger, type Change, type Mistakes } from "./ledger.ts";

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
    const hesitates = buggify("the bank hesitates before it answers");
    if (hesitates) await providers.time.sleep(200);
    if (verdict.kind !== "applied") throw refusal(change, verdict);
    return {};
  }

  const server = serve(transport, BankServiceRpc, {
    openAccount: ({ requestId, account, cents }) =>
      apply({ requestId, from: "", to: account, cents }),
    transfer: (request) => {
      checkTransfer(request);
      return apply(request);
    },
    getBalance: ({ account }) => balanceOf(ledger, account),
    listTransfers: (request) => pageOf(ledger, request),
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
async function listenOrClose(
  providers: Providers,
  listen: string,
  ledger: Ledger,
): Promise<NetTransport> {
  try {
    return await NetTransport.listen(providers, listen);
  } catch (error) {
    await ledger.close();
    throw error;
  }
}
