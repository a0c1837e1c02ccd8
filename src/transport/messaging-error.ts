/** What can go wrong on this side, before anything is sent. */
import { CodedError, type NetworkAddress } from "../core/index.ts";

/** What each local failure tells its catcher. */
export interface MessagingErrorDetails {
  /** The table of well-known endpoints has no such slot. */
  invalid_well_known_token: { slot: number };
  /** Somebody listens at this token already. */
  token_in_use: { token: string };
  /** A transport was to listen, and nobody said where. */
  missing_local_address: object;
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

/** Two want to receive at one place. */
export function tokenInUse(token: string): MessagingError<"token_in_use"> {
  const message = `somebody listens at ${token} already`;
  return new MessagingError("token_in_use", message, { token });
}

/** The transport of that address is no more; `undefined` is a client. */
export function transportClosed(
  of: NetworkAddress | undefined,
): MessagingError<"transport_closed"> {
  const address = of?.key ?? "client";
  const message = `the transport of ${address} was closed`;
  return new MessagingError("transport_closed", message, { address });
}
