/** One process or workload on real providers: its context, and what becomes of it. */
import type { Providers } from "../core/index.ts";
import { StateHandle, type SharedState } from "../sim/index.ts";
import {
  createContext,
  type ContextParts,
  type SimContext,
} from "./context.ts";
import { describeError } from "./failure.ts";
import { LoopbackNetwork } from "./loopback-network.ts";
import { MortalTasks, MortalTime } from "./mortal-providers.ts";
import { Mortality } from "./mortality.ts";
import type { NodeFailure, NodePart, NodeResult } from "./node-report.ts";
import type { Switchboard } from "./switchboard.ts";
import type { Member } from "./topology.ts";

export interface NodeMemberParts extends ContextParts {
  readonly member: Member;
  /** The real ones, for this member. */
  readonly providers: (member: Member, stop: AbortSignal) => Providers;
  /** Where everybody is, if addresses are translated. */
  readonly switchboard: Switchboard | undefined;
  readonly shared: SharedState;
  /** Milliseconds on the runner's clock. */
  readonly nowMs: () => number;
}

/** One part that it does, or did. */
interface Work {
  readonly part: NodePart;
  /** Nobody waits for it any more, and what it throws is no news. */
  abandoned: boolean;
}

/** Does one piece of work after the other, and writes down what went wrong. */
export class NodeMember {
  readonly ctx: SimContext;
  readonly #mortality = new Mortality();
  readonly #stop = new AbortController();
  readonly #failures: NodeFailure[] = [];
  readonly #nowMs: () => number;
  readonly #bornMs: number;
  #endedMs: number;
  #work: Work | undefined;

  constructor(parts: NodeMemberParts) {
    const { member, topology, phase, shared } = parts;
    const { signal } = this.#stop;
    const state = new StateHandle(shared, {
      source: member.ip,
      mayWrite: () => true,
    });
    const real = parts.providers(member, signal);
    const providers = worldOf(parts, real, this.#mortality);
    this.ctx = createContext(
      { member, providers, shutdown: signal, state },
      { topology, phase },
    );
    this.#nowMs = parts.nowMs;
    this.#bornMs = parts.nowMs();
    this.#endedMs = this.#bornMs;
  }

  get failed(): boolean {
    return this.#failures.length > 0;
  }

  get result(): NodeResult {
    const { name, role } = this.ctx;
    const wallMs = this.#endedMs - this.#bornMs;
    return { name, role, failures: [...this.#failures], wallMs };
  }

  /** Do a part. Never rejects: what is thrown is a failure. */
  async perform(part: NodePart, work: () => Promise<void>): Promise<void> {
    const doing: Work = { part, abandoned: false };
    this.#work = doing;
    try {
      await work();
    } catch (error) {
      // Whoever was given up on has failed already, and whoever was asked to stop may say so.
      if (!doing.abandoned && error !== this.#stop.signal.reason)
        this.#fail(part, error);
    }
    if (this.#work === doing) this.#end();
  }

  /** Wait no longer for what it is doing, if anything. */
  giveUp(message: string): void {
    const work = this.#work;
    if (work === undefined) return;
    work.abandoned = true;
    this.#failures.push({ part: work.part, message, stack: undefined });
    this.#end();
  }

  /** What goes on for as long as it lives is no part that ever ends; it may still fail. */
  letGoOn(): void {
    this.#work = undefined;
  }

  /** Ask it to stop. */
  stop(): void {
    this.#stop.abort(new Error("the run is over"));
  }

  /** The run is over: whatever it left open is closed, and nothing of it resumes. */
  leave(): void {
    this.#mortality.end();
  }

  #fail(part: NodePart, error: unknown): void {
    const stack = error instanceof Error ? error.stack : undefined;
    this.#failures.push({ part, message: describeError(error), stack });
  }

  #end(): void {
    this.#work = undefined;
    this.#endedMs = this.#nowMs();
  }
}

/** The real world, in which members have the addresses that they have in the simulation, and end with the run. */
function worldOf(
  { member, switchboard }: NodeMemberParts,
  real: Providers,
  mortality: Mortality,
): Providers {
  const { random, storage, trace } = real;
  const time = new MortalTime(real.time, mortality);
  const tasks = new MortalTasks(real.tasks, mortality);
  const network =
    switchboard === undefined
      ? real.network
      : new LoopbackNetwork({
          ...{ ip: member.ip, network: real.network, random },
          ...{ switchboard, mortality },
        });
  return { network, time, tasks, random, storage, trace };
}
