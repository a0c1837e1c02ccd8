/** Asking several servers the same, and going on as soon as enough have answered. */
import { onAbort } from "../core/index.ts";
import { rejectedWhereAwaited } from "./await-site.ts";
import type { CallOptions } from "./call-options.ts";
import { checkSignal, obstacleTo } from "./call-terms.ts";
import { fanOutError, type FanOutOutcome } from "./fan-out-outcome.ts";

/** How many must answer. A majority is more than half of those that are asked. */
export type RequiredAnswers = number | "all" | "majority";

export interface FanOutOptions extends CallOptions {
  /** How many must answer for the whole to succeed. */
  required: RequiredAnswers;
}

export interface FanOutResult<Response> {
  /** As many as were required, in the order in which they came. */
  readonly responses: readonly Response[];
  /** What became of each call, in the order of the methods. */
  readonly outcomes: readonly FanOutOutcome<Response>[];
}

/** A unary method of a client. */
export type AskedMethod<Request, Response> = (
  request: Request,
  options?: CallOptions,
) => Promise<Response>;

/**
 * Ask all at once: `fanOut(replicas.map(({ read }) => read), { key }, { required: "majority" })`. Resolves with the first
 * responses that are enough, and cancels the other calls; what these have begun may still run.
 *
 * Rejects with `RpcError` as soon as enough cannot answer any more. Its code is that of all failed calls if they agree,
 * else `unavailable`; its details hold a `wavetank.rpc.v1.Status` for each of them, and its `cause` is an
 * `AggregateError` of their errors. Throws `RangeError` when more are required than are asked, and
 * `TypeError` for a signal that is none.
 */
export function fanOut<Request, Response>(
  methods: readonly AskedMethod<Request, Response>[],
  request: Request,
  options: FanOutOptions,
): Promise<FanOutResult<Response>> {
  const { required, ...call } = options;
  const count = countOf(required, methods.length);
  if (call.signal !== undefined) checkSignal(call.signal);
  const obstacle = obstacleTo(call, call.timeoutMs ?? Infinity);
  if (obstacle?.code === "cancelled") return Promise.reject(obstacle);
  return new Promise((resolve) => {
    const fan = new FanOut<Response>(methods.length, count, resolve);
    fan.start(methods, request, call);
  });
}

/** Ask all at once, and wait for what becomes of each call. Never rejects for a call that failed. */
export function fanOutSettled<Request, Response>(
  methods: readonly AskedMethod<Request, Response>[],
  request: Request,
  options?: CallOptions,
): Promise<readonly FanOutOutcome<Response>[]> {
  return Promise.all(
    methods.map((method) =>
      method(request, options).then(
        (response) => ({ kind: "answered" as const, response }),
        (error: unknown) => ({ kind: "failed" as const, error }),
      ),
    ),
  );
}

type Settle<Response> = (
  result: FanOutResult<Response> | Promise<never>,
) => void;

/**
 * Calls that are made together.
 *
 * 1. It is settled once: with enough answers, or as soon as there cannot be enough.
 * 2. Then the calls that are left are cancelled, and nothing listens to the caller's signal any more.
 */
class FanOut<Response> {
  readonly #required: number;
  readonly #settle: Settle<Response>;
  readonly #outcomes: FanOutOutcome<Response>[];
  readonly #responses: Response[] = [];
  /** One for each call: Node takes a signal that many listen to for a leak, and says so. */
  readonly #controllers: AbortController[] = [];
  #failedCount = 0;
  #isOver = false;
  #unsubscribe: () => void = ignore;

  constructor(count: number, required: number, settle: Settle<Response>) {
    this.#required = required;
    this.#settle = settle;
    this.#outcomes = Array.from({ length: count }, () => recalled);
  }

  start<Request>(
    methods: readonly AskedMethod<Request, Response>[],
    request: Request,
    options: CallOptions,
  ): void {
    this.#unsubscribe = onAbort(options.signal, (reason) =>
      this.#recall(reason),
    );
    try {
      for (const [index, method] of methods.entries())
        this.#ask(index, (signal) => method(request, { ...options, signal }));
    } catch (error) {
      // A bad option: those that took it have begun in vain.
      this.#end();
      throw error;
    }
  }

  #ask(index: number, call: (signal: AbortSignal) => Promise<Response>): void {
    const controller = new AbortController();
    this.#controllers.push(controller);
    call(controller.signal).then(
      (response) => this.#answered(index, response),
      (error: unknown) => this.#failed(index, error),
    );
  }

  #answered(index: number, response: Response): void {
    if (this.#isOver) return;
    this.#outcomes[index] = { kind: "answered", response };
    if (this.#responses.push(response) < this.#required) return;
    this.#end();
    this.#settle({
      responses: this.#responses,
      outcomes: this.#outcomes,
    });
  }

  #failed(index: number, error: unknown): void {
    if (this.#isOver) return;
    this.#outcomes[index] = { kind: "failed", error };
    this.#failedCount += 1;
    const possible = this.#outcomes.length - this.#failedCount;
    if (possible >= this.#required) return;
    this.#end();
    const failure = fanOutError(this.#outcomes, this.#required);
    this.#settle(rejectedWhereAwaited(failure));
  }

  #end(): void {
    this.#isOver = true;
    this.#unsubscribe();
    this.#recall(new Error("the others were enough, or too few"));
  }

  #recall(reason: unknown): void {
    for (const controller of this.#controllers) controller.abort(reason);
  }
}

function countOf(required: RequiredAnswers, askedCount: number): number {
  const count =
    required === "all"
      ? askedCount
      : required === "majority"
        ? Math.floor(askedCount / 2) + 1
        : required;
  if (Number.isSafeInteger(count) && count > 0 && count <= askedCount)
    return count;
  if (askedCount === 0)
    throw new RangeError("a fan-out needs at least one method to ask");
  throw new RangeError(
    `required must be "all", "majority" or a whole number from 1 to the ${askedCount} that are asked, not ${required}`,
  );
}

const recalled: FanOutOutcome<never> = Object.freeze({ kind: "recalled" });

function ignore(): void {
  // No signal was given.
}
