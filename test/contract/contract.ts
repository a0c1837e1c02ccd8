/** How the contract suites are declared and run, whatever the providers are. */
import type { ExecutionContext } from "ava";

import type { Providers } from "../../src/core/index.ts";

/** Two processes that can reach each other. */
export interface ContractWorld {
  readonly a: Providers;
  readonly b: Providers;
  /** `ip:port` of one of them. */
  addressOf(which: "a" | "b", port: number): string;
}

/** Makes a world, and lets time pass in it while `body` runs. */
export interface Harness {
  run<T>(body: (world: ContractWorld) => Promise<T>): Promise<T>;
}

/** The one thing the suites need of AVA: a world wants the thread to itself. */
export interface ContractTest {
  serial(title: string, body: (t: ExecutionContext) => Promise<void>): void;
}

/** What every implementation of one provider must do. */
export type Contract = (
  test: ContractTest,
  who: string,
  harness: Harness,
) => void;

export type CaseBody = (
  t: ExecutionContext,
  world: ContractWorld,
) => Promise<void>;

/** Declares the cases of one contract: each runs in a world of its own. */
export function contractCases(
  test: ContractTest,
  subject: string,
  harness: Harness,
): (title: string, body: CaseBody) => void {
  return (title, body) => {
    test.serial(`${subject}: ${title}`, (t) =>
      harness.run((world) => body(t, world)),
    );
  };
}
