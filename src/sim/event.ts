/** What happens in a world, as those who watch it are told. */
import type { Action } from "./event-queue.ts";
import type { Owner } from "./owner.ts";

/** A wait of somebody: `sleep`, `schedule`, or `yieldNow`. */
export type TimerOperation = "sleep" | "callback" | "yield";

/** Something arrives, or a writer hears that there is room. */
export type NetworkOperation =
  | "data_delivery"
  | "end_delivery"
  | "read_complete"
  | "reset_delivery"
  | "room"
  | "datagram_delivery"
  | "datagram_received";

/** A connection, a listener or a way through the network becomes something else. */
export type ConnectionStateChange =
  | "bind_complete"
  | "request_arrived"
  | "answer_arrived"
  | "accepted"
  | "connect_timed_out"
  | "writers_released"
  | "broken_by_network"
  | "given_up"
  | "cut_restored"
  | "partition_healed"
  | "clog_cleared"
  | "peer_crash_noticed"
  | "delay_over"
  | "random_close";

/** A disk has done what it was asked for. */
export type StorageOperation =
  | "open_complete"
  | "read_complete"
  | "write_complete"
  | "sync_complete"
  | "size_complete"
  | "set_len_complete"
  | "exists_complete"
  | "delete_complete"
  | "rename_complete"
  | "mkdir_complete"
  | "rmdir_complete"
  | "readdir_complete"
  | "sync_dir_complete";

/** A life begins or ends; `run` is what drives the world itself. */
export type ProcessOperation = "boot" | "death" | "run";

/** What an event is, without when and whose. `bytes` is how many arrive. */
export type EventName =
  | { readonly kind: "timer"; readonly operation: TimerOperation }
  | {
      readonly kind: "network";
      readonly operation: NetworkOperation;
      readonly bytes?: number;
    }
  | { readonly kind: "connection"; readonly operation: ConnectionStateChange }
  | { readonly kind: "storage"; readonly operation: StorageOperation }
  | { readonly kind: "process"; readonly operation: ProcessOperation }
  /** A process is asked to stop. */
  | { readonly kind: "shutdown"; readonly operation: "stop" };

/** When an event happens, and whose it is. */
export interface EventStamp {
  /** Simulated milliseconds since the world began. */
  readonly atMs: number;
  /** Counts schedulings: of two events that are due together, ties being as scheduled, the lower comes first. */
  readonly sequence: number;
  /** The process, with its life if that is not the first; or `world`. */
  readonly owner: string;
}

/** One event that happens. `step` counts those that have happened, this one included. */
export type Event = EventName & EventStamp & { readonly step: number };

/** One event that is due later, unless it is cancelled or its process dies. */
export type ScheduledEvent = EventName & EventStamp;

/** Told of each event just before it takes effect. It looks, and must neither act upon the world nor draw from it. */
export type EventListener = (event: Event) => void;

type NameOf<T> = EventName | ((argument: T) => EventName);

interface NamedAction {
  eventName?: NameOf<unknown>;
}

/**
 * Give an action the name by which its events are told. The name is looked up when somebody listens, and only then, so
 * that scheduling and firing carry nothing for it.
 */
export function named<T>(name: NameOf<T>, action: Action<T>): Action<T> {
  (action as NamedAction).eventName = name as NameOf<unknown>;
  return action;
}

/** What the event is that does `action(argument)`. */
export function eventName(
  action: Action<unknown>,
  argument: unknown,
): EventName {
  // Whoever sets a timer may have named what it is for.
  const own = typeof argument === "function" ? argument : undefined;
  const name =
    (own as NamedAction | undefined)?.eventName ??
    (action as NamedAction).eventName ??
    anyTimer;
  return typeof name === "function" ? name(argument) : name;
}

/** When and whose. */
export function eventStamp(
  micros: number,
  sequence: number,
  owner: Owner,
): EventStamp {
  return { atMs: micros / 1_000, sequence, owner: owner.name };
}

const anyTimer: EventName = Object.freeze({
  kind: "timer",
  operation: "callback",
});
