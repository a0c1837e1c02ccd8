/** What can go wrong on this side, before anything is sent. */
import { CodedError } from "../core/index.ts";

/** What each local failure tells its catcher. */
export interface MessagingErrorDetails {
  /** The table of well-known endpoints has no such slot. */
  invalid_well_known_token: { slot: number };
  /** Somebody listens at this token already. */
  token_in_use: { token: string };
  /** The transport was closed. */
  transport_closed: { address: string };
}
export type MessagingErrorCode = keyof MessagingErrorDetails;

/** The transport could not do what was asked of it. */
export class MessagingError<
  C extends MessagingErrorCode = MessagingErrorCode,
> extends CodedError<MessagingErrorDetails, C> {
  override readonly name = "MessagingError";
}

export function isMessagingError<C extends MessagingErrorCode>(
  value: unknown,
  code?: C,
): value is MessagingError<C> {
  return (
    value instanceof MessagingError &&
    (code === undefined || value.code === code)
  );
}
