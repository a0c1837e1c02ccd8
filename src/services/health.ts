/** Health: what a process says of itself and of its services. */
import type { MessageInitShape } from "@bufbuild/protobuf";

import {
  type HealthCheckRequest,
  type HealthCheckResponseSchema,
  HealthCheckResponse_ServingStatus as ServingStatus,
  type HealthListResponseSchema,
} from "../../gen/grpc/health/v1/health_pb.ts";
import type { HealthHandler } from "../../gen/grpc/health/v1/health_rpc.ts";
import {
  type HandlerContext,
  RpcError,
  type ServerHandle,
  type StopOptions,
  type ServiceSpec,
} from "../rpc/index.ts";
import { Watch } from "./watch.ts";

/** How a service is: calls are welcome, should go elsewhere, or it has not been found out yet. */
export type HealthStatus = "serving" | "not_serving" | "unknown";

/** A full name (`bank.v1.BankService`), or a spec that has one. The empty name is the process as a whole. */
export type ServiceName = string | Pick<ServiceSpec, "name">;

/** Keeps the health of a process, and is the handler that answers for it: `serve(transport, HealthRpc, health)`. */
export interface Health extends HealthHandler {
  /** Say how a service is. Whoever watches it is told, if that is news. */
  set(service: ServiceName, status: HealthStatus): void;
  /** Forget a service: it is `not_found` for those who check, and `SERVICE_UNKNOWN` for those who watch. */
  remove(service: ServiceName): void;
  /** How a service is; `undefined` when nothing was said of it. */
  get(service: ServiceName): HealthStatus | undefined;
  /**
   * The process is going to stop: from now on all that is known is `not_serving`, whatever is set. Call it a while
   * before you stop, so that callers have time to go elsewhere.
   */
  drain(): void;
  /** Let a service that is being served be `serving`, and `not_serving` from the moment it is stopped. */
  follow(service: ServiceName, handle: ServerHandle): ServerHandle;
}

/** Make the health of a process. The process as a whole is `serving` until somebody says otherwise. */
export function createHealth(): Health {
  return new HealthBook();
}

type CheckResponse = MessageInitShape<typeof HealthCheckResponseSchema>;

/** Statuses by name, and who watches them. */
class HealthBook implements Health {
  readonly #statuses = new Map<string, HealthStatus>([["", "serving"]]);
  readonly #watches = new Set<Watch<CheckResponse>>();
  #isDraining = false;

  set(service: ServiceName, status: HealthStatus): void {
    // Plain JavaScript may say anything, and a status that nobody knows would be found out by a caller.
    if (!Object.hasOwn(numbers, status))
      throw new TypeError(
        `a status is one of ${Object.keys(numbers).join(", ")}, not ${String(status)}`,
      );
    this.#put(nameOf(service), this.#isDraining ? "not_serving" : status);
  }

  remove(service: ServiceName): void {
    if (this.#statuses.delete(nameOf(service))) this.#tell();
  }

  get(service: ServiceName): HealthStatus | undefined {
    return this.#statuses.get(nameOf(service));
  }

  drain(): void {
    this.#isDraining = true;
    for (const name of [...this.#statuses.keys()])
      this.#put(name, "not_serving");
  }

  follow(service: ServiceName, handle: ServerHandle): ServerHandle {
    this.set(service, "serving");
    const stop = (options?: StopOptions): Promise<void> => {
      const stopped = handle.stop(options);
      this.set(service, "not_serving");
      return stopped;
    };
    return {
      get endpoint() {
        return handle.endpoint;
      },
      get runningCount() {
        return handle.runningCount;
      },
      stop,
      [Symbol.asyncDispose]: () => stop(),
    };
  }

  check({ service }: HealthCheckRequest): CheckResponse {
    const status = this.#statuses.get(service);
    if (status !== undefined) return { status: numbers[status] };
    throw new RpcError(
      "not_found",
      `nothing is known of a service "${service}"`,
    );
  }

  list(): MessageInitShape<typeof HealthListResponseSchema> {
    const statuses = [...this.#statuses].map(([name, status]) => [
      name,
      { status: numbers[status] },
    ]);
    return { statuses: Object.fromEntries(statuses) };
  }

  watch(
    { service }: HealthCheckRequest,
    { signal }: HandlerContext,
  ): AsyncIterable<CheckResponse> {
    const read = (): CheckResponse => this.#answer(service);
    return new Watch({ signal, read, among: this.#watches });
  }

  #answer(service: string): CheckResponse {
    return answers[this.#statuses.get(service) ?? "service_unknown"];
  }

  #put(name: string, status: HealthStatus): void {
    this.#statuses.set(name, status);
    this.#tell();
  }

  /** Changes are rare, so every watch looks for itself whether it is concerned. */
  #tell(): void {
    for (const watch of this.#watches) watch.look();
  }
}

function nameOf(service: ServiceName): string {
  return typeof service === "string" ? service : service.name;
}

const numbers: Readonly<Record<HealthStatus, ServingStatus>> = Object.freeze({
  serving: ServingStatus.SERVING,
  not_serving: ServingStatus.NOT_SERVING,
  unknown: ServingStatus.UNKNOWN,
});

/** One object for each status, so that a watch sees at a glance whether it has told it already. */
const answers: Readonly<
  Record<HealthStatus | "service_unknown", CheckResponse>
> = Object.freeze({
  serving: { status: ServingStatus.SERVING },
  not_serving: { status: ServingStatus.NOT_SERVING },
  unknown: { status: ServingStatus.UNKNOWN },
  service_unknown: { status: ServingStatus.SERVICE_UNKNOWN },
});
