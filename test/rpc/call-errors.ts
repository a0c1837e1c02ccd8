/** How calls end for those who test that they fail. */
import { isRpcError, type RpcError } from "../../src/rpc/index.ts";

/** The error of a call that must not be answered. */
export async function errorOf(call: Promise<unknown>): Promise<RpcError> {
  try {
    await call;
  } catch (error) {
    if (isRpcError(error)) return error;
    throw error;
  }
  throw new Error("the call was answered");
}

/** What an error says, and what was behind it, and behind that. */
export function errorStory(error: unknown): string {
  return storyOf(error).join("\n");
}

function storyOf(error: unknown): string[] {
  return error instanceof Error
    ? [error.message, ...storyOf(error.cause)]
    : error === undefined
      ? []
      : [String(error)];
}
