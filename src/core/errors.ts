/** The shape that every operational error of Wavetank has: a closed set of codes, and details typed by code. */

/**
 * Base of the error class that each layer exports. Branch on `code`, never on `message`; `details` says what happened
 * to whom, typed by the code.
 */
export abstract class CodedError<
  Details extends object,
  Code extends keyof Details & string,
> extends Error {
  readonly code: Code;
  readonly details: Details[Code];
  /** The message without the code before it. */
  readonly rawMessage: string;

  constructor(
    code: Code,
    message: string,
    details: Details[Code],
    options?: ErrorOptions,
  ) {
    super(`[${code}] ${message}`, options);
    this.code = code;
    this.details = details;
    this.rawMessage = message;
  }
}

/** What each failure of a clock tells its catcher. */
export interface TimeErrorDetails {
  /** The work took longer than it was given. */
  elapsed: { timeoutMs: number };
}
export type TimeErrorCode = keyof TimeErrorDetails;

/** Time ran out. */
export class TimeError<
  C extends TimeErrorCode = TimeErrorCode,
> extends CodedError<TimeErrorDetails, C> {
  override readonly name = "TimeError";
}

/** What each failure of the network tells its catcher. */
export interface NetworkErrorDetails {
  /** Nobody listens there, or the other side would not have us. */
  refused: { address: string };
  /** The port is taken by another listener. */
  address_in_use: { address: string };
  /** The address belongs to another machine, or cannot be listened on. */
  address_not_available: { address: string };
  /** The name could not be resolved, or the network has no way there. */
  unreachable: { address: string };
  /** The connection broke: bytes in flight, either way, may be lost. */
  reset: { address: string };
  /** It was closed on this side before the call. */
  closed: { address: string };
  /** No answer from the other side for too long. */
  timed_out: { address: string };
  /** The datagram is longer than the network carries. */
  too_large: { address: string };
}
export type NetworkErrorCode = keyof NetworkErrorDetails;

/** A listener or a connection failed. The original error of the operating system, if any, is the `cause`. */
export class NetworkError<
  C extends NetworkErrorCode = NetworkErrorCode,
> extends CodedError<NetworkErrorDetails, C> {
  override readonly name = "NetworkError";
}

export function isNetworkError<C extends NetworkErrorCode>(
  value: unknown,
  code?: C,
): value is NetworkError<C> {
  return (
    value instanceof NetworkError && (code === undefined || value.code === code)
  );
}

/** What each failure of storage tells its catcher. */
export interface StorageErrorDetails {
  not_found: { path: string };
  already_exists: { path: string };
  /** A folder with something in it cannot be removed. */
  not_empty: { path: string };
  /** The file handle was closed. */
  closed: { path: string };
  /** The handle was opened without the right for this. */
  not_permitted: { path: string; needs: "read" | "write" | "append" };
  /** The path leaves the storage's own folder, or is no name of a file. */
  bad_path: { path: string };
  disk_full: { path: string };
  /** The device failed. What was asked may or may not have happened. */
  io: { path: string };
}
export type StorageErrorCode = keyof StorageErrorDetails;

/** A file could not be opened, read, written or made durable. */
export class StorageError<
  C extends StorageErrorCode = StorageErrorCode,
> extends CodedError<StorageErrorDetails, C> {
  override readonly name = "StorageError";
}

export function isStorageError<C extends StorageErrorCode>(
  value: unknown,
  code?: C,
): value is StorageError<C> {
  return (
    value instanceof StorageError && (code === undefined || value.code === code)
  );
}

/** What each failure of a task tells who joins it. */
export interface TaskErrorDetails {
  /** Somebody called `abort()` before the task had finished. */
  aborted: { task: string };
}
export type TaskErrorCode = keyof TaskErrorDetails;

/** A task ended without a result. What the task itself threw reaches `join()` unchanged. */
export class TaskError<
  C extends TaskErrorCode = TaskErrorCode,
> extends CodedError<TaskErrorDetails, C> {
  override readonly name = "TaskError";
}
