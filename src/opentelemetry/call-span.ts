/** One call as OpenTelemetry is told of it, on either side. */
import {
  type Context,
  context,
  type HrTime,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
} from "@opentelemetry/api";

import { thrownText } from "../base/shown.ts";
import type { TimeProvider } from "../core/index.ts";
import {
  type MethodSpec,
  RpcError,
  type RpcErrorCode,
  type ServiceSpec,
} from "../rpc/index.ts";
import type { StreamEnd } from "./observed.ts";
import type { Labels, Telemetry } from "./options.ts";

/** How a call is seen from one side. */
export interface CallSide {
  readonly kind: SpanKind;
  /** How a call ended that failed with no `RpcError`. */
  readonly strangeCode: RpcErrorCode;
  /** Whether a call that ended with this code counts as failed. */
  isFailure(code: RpcErrorCode): boolean;
}

export interface CallSpanParts {
  readonly telemetry: Telemetry;
  readonly time: TimeProvider;
  readonly side: CallSide;
  readonly service: ServiceSpec;
  readonly method: MethodSpec;
  /** What the call is part of. */
  readonly parent: Context;
  /** Who is at the other end, for the span. */
  readonly remote: Labels;
  /** What goes with the duration besides the method and the outcome. */
  readonly measured: Labels;
}

/** How a call ended. */
interface Outcome {
  /** `OK`, or a code in capitals. */
  readonly status: string;
  readonly delivery?: string;
  /** What went wrong, where the side counts that as a failure. */
  readonly failure?: { readonly error: unknown; readonly type: string };
}

/**
 * A span, and how long it took. Times are the provider's: a simulation is told in its own time, and in the same way
 * every time.
 */
export class CallSpan {
  /** The span's context: what happens in it is part of the call. */
  readonly context: Context;
  /** Messages of the call's streams, by who sent them. */
  requestCount: number = 0;
  responseCount: number = 0;
  readonly #parts: CallSpanParts;
  readonly #span: Span;
  readonly #startMs: number;
  readonly #startWallMs: number;
  #isOver = false;

  constructor(parts: CallSpanParts) {
    this.#parts = parts;
    const { telemetry, time, side, parent, remote } = parts;
    this.#startMs = time.now();
    this.#startWallMs = time.wallClock();
    const options = {
      kind: side.kind,
      attributes: { ...methodLabels(parts), ...remote, ...olderLabels(parts) },
      startTime: hrTime(this.#startWallMs),
    };
    this.#span = telemetry.around(() =>
      telemetry.tracer.startSpan(methodName(parts), options, parent),
    );
    this.context = trace.setSpan(parent, this.#span);
  }

  /** Do something as part of the call, for those who ask for the active context. */
  within<T>(work: () => T): T {
    return context.with(this.context, work);
  }

  /** There is an answer. */
  done(): void {
    this.#end({ status: "OK" });
  }

  /** There is none. */
  failed(error: unknown): void {
    this.#end(outcomeOf(error, this.#parts.side));
  }

  /** The stream of responses is over, and the call with it. */
  over(end: StreamEnd): void {
    if (end.kind === "failed") this.failed(end.error);
    // Leaving a loop is how a reader has had enough, and no failure.
    else this.#end({ status: end.kind === "left" ? "CANCELLED" : "OK" });
  }

  #end(outcome: Outcome): void {
    if (this.#isOver) return;
    this.#isOver = true;
    const { telemetry, time, measured, method } = this.#parts;
    const elapsedMs = time.now() - this.#startMs;
    // The wall clock may jump, and durations are better without.
    const endTime = hrTime(this.#startWallMs + elapsedMs);
    const labels = outcomeLabels(outcome);
    telemetry.around(() => {
      if (outcome.failure !== undefined)
        this.#fail(outcome.failure.error, endTime);
      if (outcome.delivery !== undefined)
        this.#span.setAttribute("wavetank.delivery", outcome.delivery);
      if (method.kind !== "unary") this.#count();
      this.#span.setAttributes(labels).end(endTime);
      telemetry.record(
        elapsedMs / 1_000,
        { ...methodLabels(this.#parts), ...measured, ...labels },
        this.context,
      );
    });
  }

  #fail(error: unknown, atTime: HrTime): void {
    const message = error instanceof Error ? error.message : thrownText(error);
    this.#span.recordException(
      error instanceof Error ? error : message,
      atTime,
    );
    this.#span.setStatus({ code: SpanStatusCode.ERROR, message });
  }

  #count(): void {
    this.#span.setAttributes({
      "wavetank.request.messages": this.requestCount,
      "wavetank.response.messages": this.responseCount,
    });
  }
}

function outcomeOf(error: unknown, side: CallSide): Outcome {
  const known = error instanceof RpcError ? error : undefined;
  const code = known?.code ?? side.strangeCode;
  const status = code.toUpperCase();
  const type =
    known === undefined && error instanceof Error ? error.name : status;
  return {
    status,
    ...(known !== undefined &&
      side.kind === SpanKind.CLIENT && { delivery: known.delivery }),
    ...(side.isFailure(code) && { failure: { error, type } }),
  };
}

function outcomeLabels({ status, failure }: Outcome): Labels {
  return {
    "rpc.response.status_code": status,
    ...(failure !== undefined && { "error.type": failure.type }),
  };
}

type Subject = Pick<CallSpanParts, "service" | "method">;

/** `bank.v1.BankService/Transfer`, as OpenTelemetry spells it. */
function methodName({ service, method }: Subject): string {
  return `${service.name}/${method.name}`;
}

function methodLabels(subject: Subject): Labels {
  return { "rpc.system.name": "wavetank", "rpc.method": methodName(subject) };
}

/** What conventions before 1.38 called it, for those who look for that. */
function olderLabels({ service }: Subject): Labels {
  return { "rpc.system": "wavetank", "rpc.service": service.name };
}

/** As pairs of seconds and nanoseconds: the SDK would take a small number for a reading of its own clock. */
function hrTime(ms: number): HrTime {
  const seconds = Math.floor(ms / 1_000);
  return [seconds, Math.floor((ms - seconds * 1_000) * 1_000_000)];
}
