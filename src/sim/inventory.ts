/** What a process has at this moment, and what it waits for: asked when somebody is stuck, or leaves things behind. */
import { eventName } from "./event.ts";
import type { Engine } from "./engine.ts";
import type { PendingEvent } from "./event-queue.ts";
import type { Incarnation } from "./incarnation.ts";
import type { Origin } from "./origins.ts";

export type HoldingKind =
  "connection" | "listener" | "datagram_socket" | "file" | "task" | "timer";

/** Something that a process has not given back. */
export interface Holding {
  readonly kind: HoldingKind;
  /** Which one: an address, a path, the name of a task. */
  readonly name: string;
  /** Where it was made, in a world that keeps origins. Never compared: it differs between versions. */
  readonly stack?: string | undefined;
}

/** What is known of one thing of a process. */
export interface Inspection {
  /** Undefined for what nobody need give back. */
  readonly holding: Holding | undefined;
  /** What is waited for on it: `bytes from 10.0.1.1:7`. */
  readonly waits: readonly string[];
}

/** A picture of one process, made when it is asked for. */
export interface Inventory {
  /** In order of creation; timers last, the earliest first. */
  readonly holdings: readonly Holding[];
  /** What some line of it is known to wait for. Promises of its own are known to nobody. */
  readonly waits: readonly string[];
}

/** Look at all that is kept of a process anyway: its belongings, its tasks, and what is due for it. */
export function takeInventory(
  incarnation: Incarnation,
  tasks: readonly Inspection[],
  { queue, origins }: Pick<Engine, "queue" | "origins">,
): Inventory {
  const things = [
    ...[...incarnation.belongings].map((belonging) =>
      madeAt(belonging.inspect(), origins?.of(belonging)),
    ),
    ...tasks,
    ...queue
      .pending(incarnation)
      .map((event) => madeAt(inspectEvent(event), origins?.of(event.argument))),
  ];
  return {
    holdings: things.flatMap(({ holding }) => holding ?? []),
    waits: things.flatMap(({ waits }) => waits),
  };
}

/** The same, with the place where it was made, if that is known. */
export function madeAt(
  inspection: Inspection,
  origin: Origin | undefined,
): Inspection {
  const { holding, waits } = inspection;
  if (holding === undefined || origin === undefined) return inspection;
  return { holding: { ...holding, stack: origin.stack }, waits };
}

function inspectEvent({ time, action, argument }: PendingEvent): Inspection {
  const name = eventName(action, argument);
  const due = `${time / 1_000} ms`;
  if (name.kind === "storage")
    return { holding: undefined, waits: [`its disk until ${due}`] };
  if (name.kind !== "timer") return nothing;
  const what =
    name.operation === "callback" ? "a timer" : `a ${name.operation}`;
  return {
    holding: { kind: "timer", name: `${name.operation} due at ${due}` },
    waits: [`${what} due at ${due}`],
  };
}

const nothing: Inspection = Object.freeze({ holding: undefined, waits: [] });
