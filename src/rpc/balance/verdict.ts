/** What a failed request means for the call that it belongs to. */
import { isReplyError, type ReplyErrorCode } from "../../transport/index.ts";
import { isRpcError } from "../rpc-error.ts";
import type { RequestEnd } from "./endpoint-load.ts";

/**
 * - `answer`: the server has spoken, the caller is told.
 * - `give_up`: the caller is told, because no other server may be asked, or all would say the same.
 * - `next`: another server may be asked, this one is out of reach.
 * - `elsewhere`: another server should be asked, this one says.
 * - `time_out`: the call's time is up.
 * - `recalled`: this side did not wait for it.
 */
export type Verdict =
  "answer" | "give_up" | "next" | "elsewhere" | "time_out" | "recalled";

/**
 * Whether another server may be asked after this error.
 *
 * 1. A request that surely did not run may be made again.
 * 2. One that perhaps ran, or that its handler gave up half-way, only if the call may run twice.
 * 3. What every server would say is not asked again.
 */
export function verdictOn(error: unknown, mayRunTwice: boolean): Verdict {
  if (!isRpcError(error)) return "give_up";
  // Its cause is the caller's reason.
  if (error.code === "cancelled" && error.delivery !== "answered")
    return "recalled";
  if (!isReplyError(error.cause))
    return error.delivery === "answered" ? "answer" : "give_up";
  if (error.cause.code === "application" && busy.has(error.code))
    return mayRunTwice ? "elsewhere" : "answer";
  const verdict = verdicts[error.cause.code];
  return verdict === "next_if_twice"
    ? mayRunTwice
      ? "next"
      : "give_up"
    : verdict;
}

/** What a verdict says of the server. */
export const endOf: Readonly<Record<Verdict, RequestEnd>> = {
  answer: "answered",
  elsewhere: "refused",
  next: "lost",
  give_up: "lost",
  time_out: "abandoned",
  recalled: "abandoned",
};

/** Codes by which a handler says that another server might do better. */
const busy: ReadonlySet<string> = new Set([
  "unavailable",
  "resource_exhausted",
]);

/** A code without a verdict does not compile. */
const verdicts: Readonly<Record<ReplyErrorCode, Verdict | "next_if_twice">> = {
  application: "answer",
  unauthorized: "answer",
  serialization: "answer",
  reply_too_large: "answer",
  // The transport, or the server before its handler, said so: it did not run.
  overloaded: "elsewhere",
  stopping: "elsewhere",
  endpoint_not_found: "elsewhere",
  not_sent: "next",
  queue_full: "next",
  maybe_delivered: "next_if_twice",
  broken_promise: "next_if_twice",
  deadline_exceeded: "time_out",
  peer_failed: "give_up",
  cancelled: "recalled",
  packet_too_large: "give_up",
  closed: "give_up",
};
