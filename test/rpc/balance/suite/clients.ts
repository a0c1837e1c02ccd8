/** The clients of the balancing suite: every way to call, under every limit, with a list of servers that changes. */
import {
  assertAlways,
  assertSometimes,
} from "../../../../src/assertions/index.ts";
import {
  type CallOptions,
  createBalancedClient,
  createClient,
  EndpointPool,
  fanOut,
  isRpcError,
  NetTransport,
} from "../../../../src/index.ts";
import type { SimContext, Workload } from "../../../../src/runner/index.ts";
import { type NotesClient, NotesRpc } from "../../notes.ts";
import { type Allowed, calls } from "./events.ts";
import { port } from "./servers.ts";
import { BalancedReader } from "./streams.ts";

type Ask = (
  request: { account: string },
  options: CallOptions,
) => Promise<{ cents: bigint }>;

/** Calls until chaos is over, and then until everybody answers. */
export class BalancedCaller implements Workload {
  readonly name = "caller";
  readonly #pending = new Set<Promise<void>>();
  #transport!: NetTransport;
  #pool!: EndpointPool;
  #notes!: NotesClient;
  #reader!: BalancedReader;
  #addresses: readonly string[] = [];
  #made = 0;

  async run(ctx: SimContext): Promise<void> {
    this.#addresses = ctx.topology.addresses("server", port);
    this.#transport = NetTransport.client(ctx.providers);
    this.#pool = new EndpointPool(this.#transport, this.#addresses);
    this.#notes = createBalancedClient(NotesRpc, this.#transport, this.#pool);
    this.#reader = new BalancedReader(ctx, this.#pool);
    const operations = ctx.operations(this.#table(ctx));
    while (!ctx.chaosOver) {
      await operations.next();
      await ctx.time.sleep(ctx.random.range(0, 200));
    }
    await Promise.all(this.#pending);
  }

  /** The network is whole and everybody lives: calls are answered, and nothing of all those before is left. */
  async check(ctx: SimContext): Promise<void> {
    this.#pool.update(this.#addresses);
    for (let count = 0; count < 20; count += 1) {
      const terms = { timeoutMs: 60_000 };
      // The server may be one that never answers.
      while (!(await this.#ask(ctx, "again", [this.#notes.read, terms])))
        await ctx.time.sleep(100);
    }
    if (ctx.index === 0) await this.#reader.atRest(this.#addresses);
    const { callCount, deadlineCount } = this.#transport.metrics();
    const { waiterCount } = this.#transport.failureMonitor;
    const { endpoints, firstAnswers, backups } = this.#pool.metrics();
    const outstanding = sum(endpoints.map((one) => one.outstanding));
    const left = { callCount, deadlineCount, waiterCount, outstanding };
    assertAlways(sum(Object.values(left)) === 0, "at rest nothing waits", left);
    assertAlways(backups <= 1 + firstAnswers * 0.05, "backups are bounded", {
      backups,
      firstAnswers,
    });
    assertSometimes(
      sum(endpoints.map((one) => one.backupsWon)) > 0,
      "a backup is answered first",
    );
    assertSometimes(
      sum(endpoints.map((one) => one.retries)) > 0,
      "a request is made again",
    );
    await this.#transport.close();
  }

  #table(ctx: SimContext): Record<string, () => unknown> {
    const { write, read } = this.#notes;
    const ask = (allowed: Allowed, method: Ask) => (): void => {
      const burst = ctx.random.bool(0.1) ? ctx.random.range(5, 30) : 1;
      for (let count = 0; count < burst; count += 1)
        this.#begin(this.#ask(ctx, allowed, [method, terms(ctx)]));
    };
    return {
      write: ask("once", write),
      read: ask("again", read),
      tryRead: ask("once", read.tryGetReply),
      getWrite: ask("again", write.getReply),
      unlessFailed: ask("again", (request, options) =>
        read.getReplyUnlessFailedFor(request, { ...options, failedForMs: 900 }),
      ),
      send: () => this.#send(ctx),
      leave: () => this.#begin(this.#leave(ctx)),
      fanOut: ask("at_each", (request, options) =>
        this.#fanOut(ctx, request, options),
      ),
      stream: () => this.#begin(this.#reader.stream(this.#id(ctx))),
      servers: () => this.#changeServers(ctx),
      pause: () => ctx.time.sleep(ctx.random.range(1, 3_000)),
    };
  }

  #begin(call: Promise<unknown>): void {
    const pending = call.then(
      () => void this.#pending.delete(pending),
      (error: unknown) => {
        this.#pending.delete(pending);
        throw error;
      },
    );
    this.#pending.add(pending);
  }

  /** Whether it was answered. */
  async #ask(
    ctx: SimContext,
    allowed: Allowed,
    [method, options]: readonly [Ask, CallOptions],
  ): Promise<boolean> {
    const id = this.#id(ctx);
    const timeline = ctx.state.timeline(calls);
    timeline.emit({ kind: "asked", id, allowed });
    try {
      const { cents } = await method({ account: id }, options);
      const same = id.endsWith(` ${cents}`);
      timeline.emit({ kind: "answered", id, same });
      return true;
    } catch (error) {
      if (!isRpcError(error)) throw error;
      const { code, delivery } = error;
      timeline.emit({ kind: "failed", id, code, delivery });
      return false;
    }
  }

  #send(ctx: SimContext): void {
    const id = this.#id(ctx);
    ctx.state.timeline(calls).emit({ kind: "asked", id, allowed: "once" });
    try {
      this.#notes.hint({ account: id });
    } catch (error) {
      // There may be no server at all, or too much to be sent.
      if (!isRpcError(error)) throw error;
    }
  }

  /** A caller that does not wait for long, and whose call ends when it leaves. */
  async #leave(ctx: SimContext): Promise<void> {
    const controller = new AbortController();
    const { signal } = controller;
    const { write, read } = this.#notes;
    const allowed = ctx.random.pick(["once", "again"] as const);
    const method = allowed === "once" ? write : read;
    let endedMs: number | undefined;
    const terms = { signal, timeoutMs: 60_000 };
    const call = this.#ask(ctx, allowed, [method, terms]).then(
      () => void (endedMs = ctx.time.now()),
    );
    await ctx.time.sleep(ctx.random.range(0, 500));
    controller.abort(new Error("the caller leaves"));
    const leftMs = ctx.time.now();
    await call;
    assertAlways(
      (endedMs ?? Infinity) <= leftMs,
      "a call ends when its caller leaves",
      { endedMs, leftMs },
    );
  }

  async #fanOut(
    ctx: SimContext,
    request: { account: string },
    options: CallOptions,
  ): Promise<{ cents: bigint }> {
    const methods = this.#addresses.map(
      (address) => createClient(NotesRpc, this.#transport, address).write,
    );
    const required = ctx.random.pick([1, "majority", "all"] as const);
    const terms = { ...options, required };
    const { responses, outcomes } = await fanOut(methods, request, terms);
    const counts = {
      [1]: 1,
      majority: Math.floor(methods.length / 2) + 1,
      all: methods.length,
    };
    const answers = outcomes.filter(({ kind }) => kind === "answered").length;
    assertAlways(
      responses.length === counts[required] && answers === counts[required],
      "a fan-out has as many answers as it required",
      { required, answers },
    );
    return responses[0] as { cents: bigint };
  }

  #changeServers(ctx: SimContext): void {
    this.#pool.update(this.#addresses.filter(() => ctx.random.bool(0.7)));
  }

  /** Ends with a number that no other call has. */
  #id(ctx: SimContext): string {
    this.#made += 1;
    return `${ctx.index} ${this.#made}`;
  }
}

function terms({ random }: SimContext): CallOptions {
  return { timeoutMs: random.pick([300, 2_000, 20_000]) };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
