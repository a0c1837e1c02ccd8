/** The processes of one seed: booted, taken down, brought back. */
import { onAbort, type Timer } from "../core/index.ts";
import type { Incarnation, SimProviders, SimWorld } from "../sim/index.ts";
import {
  createContext,
  type ContextParts,
  type SimContext,
} from "./context.ts";
import { nameEverybody } from "./names.ts";
import { endStarted, type Process, type Started } from "./program.ts";
import type { ComesBack, RebootDelays, RebootKind } from "./reboot.ts";
import type { Member } from "./topology.ts";

/** One way to go down. */
export interface Fall {
  readonly kind: RebootKind;
  readonly delays: RebootDelays;
  readonly comesBack: ComesBack;
}

interface Running {
  readonly member: Member;
  readonly program: Process;
  /** Up, asked to stop, or down. Only what is up can be taken down. */
  state: "up" | "stopping" | "down";
  /** Ends its grace while it is stopping, brings it back while it is down. */
  next: Timer | undefined;
  /** Who brings it back, should it not be up. */
  comesBack: ComesBack;
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
        next: undefined,
        comesBack: "by_itself",
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

  /** The names of processes that are not up and should be, sooner or later. */
  get missing(): string[] {
    return [...this.#running.values()].flatMap(
      ({ state, comesBack, member }) =>
        state === "up" || comesBack === "never" ? [] : member.name,
    );
  }

  /** Take a process down. False when it is not up. */
  takeDown(ip: string, { kind, delays, comesBack }: Fall): boolean {
    const running = this.#running.get(ip);
    if (running?.state !== "up") return false;
    running.comesBack = comesBack;
    this.#world.faults.count(
      kind === "graceful" ? "graceful stop" : kind.replaceAll("_", " "),
      ip,
    );
    const down = (): void => this.#goDown(running, delays.recoveryMs, kind);
    if (kind !== "graceful") {
      down();
      return true;
    }
    running.state = "stopping";
    this.#world.stop(ip);
    running.next = this.#world.time.schedule(delays.graceMs, down);
    return true;
  }

  /** Bring a process back now. False when it is not down. */
  bringBack(ip: string): boolean {
    const running = this.#running.get(ip);
    if (running?.state !== "down") return false;
    this.#comeBack(running);
    return true;
  }

  /** Whoever waited for the end of chaos comes back. */
  heal(): void {
    for (const running of this.#running.values()) {
      if (running.comesBack !== "when_healed") continue;
      running.comesBack = "by_itself";
      if (running.state === "down") this.#comeBack(running);
    }
  }

  /** A process died by its own error; it comes back like any other. */
  crashed(ip: string, recoveryMs: number): void {
    const running = this.#running.get(ip);
    if (running !== undefined && running.state !== "down")
      this.#goDown(running, recoveryMs, "crash");
  }

  /** Ask everything that is up to stop. */
  stopAll(): void {
    for (const { member } of this.#running.values())
      this.#world.stop(member.ip);
  }

  #goDown(running: Running, recoveryMs: number, kind: RebootKind): void {
    if (running.state === "down") return;
    running.state = "down";
    // It may have died before its grace was over: whoever lives here next has nothing to do with that.
    running.next?.cancel();
    running.next = undefined;
    const wipe = kind === "crash_and_wipe";
    const silent = kind === "power_loss";
    this.#world.kill(running.member.ip, { wipe, silent });
    if (running.comesBack !== "by_itself") return;
    running.next = this.#world.time.schedule(recoveryMs, () =>
      this.#comeBack(running),
    );
  }

  #comeBack(running: Running): void {
    this.#world.faults.tell("reboot", running.member.ip);
    this.#boot(running);
  }

  #boot(running: Running): void {
    running.next?.cancel();
    running.next = undefined;
    running.state = "up";
    running.comesBack = "by_itself";
    const { member, program } = running;
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
    ctx.tasks.spawn(`stop ${ctx.name}`, () => endStarted(started));
  });
}
