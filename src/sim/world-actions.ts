/** The events by which a world itself begins something. */
import { named } from "./event.ts";
import type { Action } from "./event-queue.ts";

type Callback = () => void;

export const boot: Action<Callback> = named<Callback>(
  { kind: "process", operation: "boot" },
  (main) => main(),
);
export const askToStop: Action<Callback> = named<Callback>(
  { kind: "shutdown", operation: "stop" },
  (stop) => stop(),
);
export const begin: Action<Callback> = named<Callback>(
  { kind: "process", operation: "run" },
  (run) => run(),
);
