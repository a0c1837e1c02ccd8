/** Errors that nobody is there to catch, thrown in every way there is, in the middle of a world that goes on. */
import {
  SimWorld,
  type Crash,
  type SimProviders,
} from "../../src/sim/index.ts";
import { ipA, ipB, ipC } from "./support.ts";

/** What became of one throw. */
export interface VoidReport {
  readonly kind: string;
  readonly crashes: {
    ip: string;
    life: number;
    message: string;
    atMs: number;
  }[];
  /** What the culprit noted down: lines of the step of the throw, and none of later ones. */
  readonly notes: string[];
  /** How often the others ticked: 20 times if they went on. */
  readonly ticks: number[];
  readonly ghostCalls: number;
  readonly fingerprint: string;
}

type Throw = (providers: SimProviders, error: Error) => unknown;

/** The roads that an error can take into the void. */
export const voidKinds: Readonly<Record<string, Throw>> = {
  "a throw in a timer's callback": (_, error) => {
    throw error;
  },
  "a throw in an async function": (_, error) => throwLater(error),
  "a throw in a job of queueMicrotask": (_, error) =>
    queueMicrotask(() => {
      throw error;
    }),
  "a throw in process.nextTick": (_, error) =>
    process.nextTick(
      (first: string, second: string) => {
        if (first + second === "both arguments") throw error;
      },
      "both ",
      "arguments",
    ),
  "a tick within a job within a tick": (_, error) =>
    process.nextTick(() =>
      queueMicrotask(() =>
        process.nextTick(() => {
          throw error;
        }),
      ),
    ),
  "a rejection that nobody handles": (_, error) => void Promise.reject(error),
  "a throw in a listener of an AbortSignal": (_, error) => {
    const controller = new AbortController();
    controller.signal.addEventListener("abort", () => {
      throw error;
    });
    controller.abort();
  },
  "a throw in a listener of an EventTarget": (_, error) => {
    const target = new EventTarget();
    target.addEventListener("event", () => {
      throw error;
    });
    target.dispatchEvent(new Event("event"));
  },
  "a throw in a deferred callback": ({ tasks }, error) =>
    tasks.defer(() => {
      throw error;
    }),
  "a task that throws and that nobody joins": ({ tasks }, error) =>
    tasks.spawn("thrower", () => throwLater(error)).name,
  "two throws in one step": (_, error) => {
    process.nextTick(() => {
      throw error;
    });
    queueMicrotask(() => {
      throw new Error(
        "a second error, which comes too late because ticks go before jobs",
      );
    });
  },
};

/** One culprit among two innocents. */
export async function throwIntoVoid(kind: string): Promise<VoidReport> {
  const crashes: Crash[] = [];
  const world = new SimWorld({
    seed: 1,
    onCrash: (crash) => crashes.push(crash),
  });
  const [left, right] = [innocent(world, ipA), innocent(world, ipC)];
  const notes: string[] = [];
  world.boot(ipB, (providers) => {
    const { time } = providers;
    time.schedule(5, () => {
      queueMicrotask(() => notes.push("a job of that step"));
      process.nextTick(() => notes.push("a tick of that step"));
      voidKinds[kind]?.(providers, new Error(kind));
    });
    time.schedule(5, () => notes.push("the next event of the same instant"));
    time.schedule(6, () => notes.push("a later event"));
  });
  await world.runUntilEmpty();
  return {
    kind,
    crashes: crashes.map(({ ip, life, error, atMs }) => ({
      ip,
      life,
      message: (error as Error).message,
      atMs,
    })),
    notes: notes.sort(),
    ticks: [left.ticks, right.ticks],
    ghostCalls: world.ghostCalls,
    fingerprint: world.fingerprint,
  };
}

/** Every kind, one after the other. */
export async function allVoids(): Promise<VoidReport[]> {
  const reports: VoidReport[] = [];
  for (const kind of Object.keys(voidKinds))
    reports.push(await throwIntoVoid(kind));
  return reports;
}

function innocent(world: SimWorld, ip: string): { ticks: number } {
  const counter = { ticks: 0 };
  world.boot(ip, async ({ time }) => {
    for (; counter.ticks < 20; counter.ticks += 1) await time.sleep(1);
  });
  return counter;
}

async function throwLater(error: Error): Promise<never> {
  await Promise.resolve();
  throw error;
}
