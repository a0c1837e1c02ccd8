/** A client on the command line. `npm run call -- transfer alice bob 5`. */
import { randomUUID } from "node:crypto";

import { createClient, findDetail, isRpcError, NetTransport } from "wavetank";
import { nodeProviders } from "wavetank/node";

import { InsufficientFundsSchema } from "../../gen/bank/v1/bank_pb.ts";
import {
  BankServiceRpc,
  type BankServiceClient,
} from "../../gen/bank/v1/bank_rpc.ts";

const usage = `npm run call -- open ACCOUNT CENTS
npm run call -- transfer FROM TO CENTS
npm run call -- balance ACCOUNT
npm run call -- journal`;

const address = process.env["BANK_LISTEN"] ?? "127.0.0.1:4500";
await using transport = NetTransport.client(nodeProviders());
const bank = createClient(BankServiceRpc, transport, address, {
  timeoutMs: 5_000,
});
try {
  console.log(await execute(bank, process.argv.slice(2)));
} catch (error) {
  console.error(explain(error));
  process.exitCode = 1;
}

async function execute(
  client: BankServiceClient,
  [command, ...words]: readonly string[],
): Promise<string> {
  const requestId = randomUUID();
  const [first = "", second = "", third = ""] = words;
  switch (command) {
    case "open":
      await client.openAccount({
        requestId,
        account: first,
        cents: BigInt(second),
      });
      return `opened ${first} with ${second} cents`;
    case "transfer":
      await client.transfer({
        requestId,
        from: first,
        to: second,
        cents: BigInt(third),
      });
      return `moved ${third} cents from ${first} to ${second}`;
    case "balance":
      return `${first} holds ${(await client.getBalance({ account: first })).cents} cents`;
    case "journal": {
      const { entries } = await client.listTransfers({});
      return entries
        .map(
          (entry) =>
            `${entry.position}  ${entry.from || "–"} → ${entry.to}  ${entry.cents}`,
        )
        .join("\n");
    }
    default:
      return usage;
  }
}

function explain(error: unknown): string {
  const poor = findDetail(error, InsufficientFundsSchema);
  if (poor !== undefined)
    return `${poor.account} holds ${poor.cents} cents only`;
  if (isRpcError(error) && error.delivery === "maybe")
    return `${error.message}: it may have happened, so look first`;
  return error instanceof Error ? error.message : String(error);
}
