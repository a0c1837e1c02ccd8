/** What the bank says: what it refuses, and how it reads its ledger aloud. */
import type { MessageInitShape } from "@bufbuild/protobuf";
import { errorDetail, RpcError } from "wavetank";

import {
  AccountExistsSchema,
  InsufficientFundsSchema,
  UnknownAccountSchema,
  type ListTransfersRequest,
  type ListTransfersResponseSchema,
  type TransferRequest,
} from "../../gen/bank/v1/bank_pb.ts";
import type { Change, Ledger, Verdict } from "./ledger.ts";

const pageMax = 500;

/** What the contract excludes never reaches the ledger. */
export function checkChange({ requestId, to, cents }: Change): void {
  if (requestId === "") throw invalid("a change needs a request id");
  if (to === "") throw invalid("an account needs a name");
  if (cents < 0n) throw invalid(`an account cannot be opened with ${cents}`);
}

/** A transfer takes something from somebody; only an opening does not. */
export function checkTransfer({ from, cents }: TransferRequest): void {
  if (cents > 0n && from !== "") return;
  throw invalid(`cannot move ${cents} from "${from}"`);
}

/** Why a change was not made, as its caller is told. */
export function refusal({ from, to }: Change, verdict: Verdict): RpcError {
  if (verdict.kind === "unknown_account") {
    return unknownAccount(verdict.account);
  }
  if (verdict.kind === "insufficient_funds") {
    const { cents } = verdict;
    const account = from;
    const poor = errorDetail(InsufficientFundsSchema, { account, cents });
    const message = `"${from}" holds ${cents} only`;
    return new RpcError("failed_precondition", message, { details: [poor] });
  }
  const exists = errorDetail(AccountExistsSchema, { account: to });
  const message = `account "${to}" was opened before`;
  return new RpcError("already_exists", message, { details: [exists] });
}

export function balanceOf(ledger: Ledger, account: string): { cents: bigint } {
  const cents = ledger.balances.get(account);
  if (cents === undefined) throw unknownAccount(account);
  return { cents };
}

/** A page of the journal, and every balance. */
export function pageOf(
  ledger: Ledger,
  { afterPosition, limit }: ListTransfersRequest,
): MessageInitShape<typeof ListTransfersResponseSchema> {
  const end = afterPosition + Math.min(limit || pageMax, pageMax);
  return {
    entries: ledger.entries.slice(afterPosition, end),
    balances: [...ledger.balances]
      .map(([account, cents]) => ({ account, cents }))
      .sort((left, right) => (left.account < right.account ? -1 : 1)),
    lastPosition: ledger.entries.length,
  };
}

function unknownAccount(account: string): RpcError {
  const details = [errorDetail(UnknownAccountSchema, { account })];
  const message = `nobody opened account "${account}"`;
  return new RpcError("not_found", message, { details });
}

function invalid(message: string): RpcError {
  return new RpcError("invalid_argument", message);
}
