/** The processes of one seed: booted, taken down, brought back. */
import { onAbort, type Timer } from "../core/index.ts";
import type { Incarnation, SimProviders, SimWorld } from "../sim/index.ts";
import {
  createContext,
  type ContextParts,
  type SimContext,
} from "./context.ts";
import type { RebootKind } from "./faults.ts";
import { nameEverybody } from "./names.ts";
import type { Process, Started } from "./program.ts";
import type { Member } from "./topology.ts";

export interface RebootDelays {
  /** How long a graceful stop may take, in milliseconds. */
  readonly graceMs: number;
  /** How long the process stays down. */
  readonly recoveryMs: number;
}

interface Running {
  readonly member: Member;
  readonly program: Process;
  /** Up, asked to stop, or down. Only what is up can be taken down. */
  state: "up" | "stopping" | "down";
  /** Ends its grace while it is stopping. */
  grace: Timer | undefined;
}

/** Keeps every process of a world in one of three states, and counts those that are not up. */
export class Cluster {
  readonly #world: SimWorld;
  readonly #parts: ContextParts;
  readonly #running = new Map<string, Running>();

  constructor(
    world: SimWorld,
    parts: ContextParts,
    processes: readonly Process[],
  ) {
    this.#world = world;
    this.#parts = parts;
    nameEverybody(world.network, parts.topology);
    for (const member of parts.topology.processes) {
      const program = processes.find(
        ({ name }) => name === member.kind,
      ) as Process;
      this.#running.set(member.ip, {
        member,
        program,
        state: "down",
        grace: undefined,
      });
    }
  }

  get deadCount(): number {
    let dead = 0;
    for (const { state } of this.#running.values())
      if (state !== "up") dead += 1;
    return dead;
  }

  isAlive(ip: string): boolean {
    return this.#running.get(ip)?.state === "up";
  }

  bootAll(): void {
    for (const running of this.#running.values()) this.#boot(running);
  }

  /** Take a process down and bring it back later. False when it is not up. */
  reboot(ip: string, kind: RebootKind, delays: RebootDelays): boolean {
    const running = this.#running.get(ip);
    if (running?.state !== "up") return false;
    this.#world.faults.count(
      kind === "graceful" ? "graceful stop" : kind.replaceAll("_", " "),
      ip,
    );
    if (kind !== "graceful") {
      this.#goDown(running, delays.recoveryMs, kind === "crash_and_wipe");
      return true;
    }
    running.state = "stopping";
    this.#world.stop(ip);
    running.grace = this.#world.time.schedule(delays.graceMs, () =>
      this.#goDown(running, delays.recoveryMs, false),
    );
    return true;
  }

  /** A process died by its own error; it comes back like any other. */
  crashed(ip: string, recoveryMs: number): void {
    const running = this.#running.get(ip);
    if (running !== undefined && running.state !== "down")
      this.#goDown(running, recoveryMs, false);
  }

  /** Ask everything that is up to stop. */
  stopAll(): void {
    for (const { member } of this.#running.values())
      this.#world.stop(member.ip);
  }

  #goDown(running: Running, recoveryMs: number, wipe: boolean): void {
    if (running.state === "down") return;
    running.state = "down";
    // It may have died before its grace was over: whoever lives here next has nothing to do with that.
    running.grace?.cancel();
    this.#world.kill(running.member.ip, { wipe });
    this.#world.time.schedule(recoveryMs, () => {
      this.#world.faults.tell("reboot", running.member.ip);
      this.#boot(running);
    });
  }

  #boot(running: Running): void {
    const { member, program } = running;
    running.state = "up";
    this.#world.boot(
      member.ip,
      async (providers: SimProviders, incarnation: Incarnation) => {
        const ctx = createContext(
          {
            ...{ member, providers, state: providers.state },
            shutdown: incarnation.shutdown,
          },
          this.#parts,
        );
        disposeOnShutdown(await program.start(ctx), ctx);
      },
    );
  }
}

/** What a process left running ends when it is asked to stop; what that throws is a crash like any other. */
function disposeOnShutdown(started: Started, ctx: SimContext): void {
  if (started === undefined || started === null) return;
  onAbort(ctx.shutdown, () => {
    ctx.tasks.spawn(`stop ${ctx.name}`, async () => {
      if (Symbol.asyncDispose in started) await started[Symbol.asyncDispose]();
      else started[Symbol.dispose]();
    });
  });
}
