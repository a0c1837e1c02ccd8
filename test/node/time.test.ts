/** What only the real clock has to prove: it corrects timers that are early. */
import test from "ava";

import { NodeTimeProvider, type TimerHost } from "../../src/node/index.ts";

/** A host whose timers do what the test says. */
class FakeHost implements TimerHost {
  nowMs = 1_000;
  readonly armedMs: number[] = [];
  #callback: (() => void) | undefined;

  now(): number {
    return this.nowMs;
  }

  arm(ms: number, callback: () => void): unknown {
    this.armedMs.push(ms);
    this.#callback = callback;
    return callback;
  }

  disarm(handle: unknown): void {
    if (this.#callback === handle) this.#callback = undefined;
  }

  get isArmed(): boolean {
    return this.#callback !== undefined;
  }

  /** Let the armed timer fire at this time. */
  fireAt(nowMs: number): void {
    this.nowMs = nowMs;
    const callback = this.#callback;
    this.#callback = undefined;
    callback?.();
  }
}

test("NodeTimeProvider waits again when its timer is early", (t) => {
  const host = new FakeHost();
  let ran = false;
  new NodeTimeProvider(host).schedule(20, () => (ran = true));
  host.fireAt(1_019.2);
  t.false(ran);
  host.fireAt(1_019.999);
  t.false(ran);
  host.fireAt(1_020.1);
  t.true(ran);
  t.deepEqual(host.armedMs, [20, 1, 1]);
  t.false(host.isArmed);
});

test("NodeTimeProvider rounds fractions up, so that it is not early by them", (t) => {
  const host = new FakeHost();
  new NodeTimeProvider(host).schedule(2.25, () => {});
  t.deepEqual(host.armedMs, [3]);
});

test("NodeTimeProvider waits in pieces for longer than one timer can", (t) => {
  const host = new FakeHost();
  let ran = false;
  const longest = 2_147_483_647;
  new NodeTimeProvider(host).schedule(longest + 500, () => (ran = true));
  host.fireAt(1_000 + longest);
  t.false(ran);
  host.fireAt(1_000 + longest + 500);
  t.true(ran);
  t.deepEqual(host.armedMs, [longest, 500]);
});

test("NodeTimeProvider forgets a cancelled timer, also one that was re-armed", (t) => {
  const host = new FakeHost();
  const timer = new NodeTimeProvider(host).schedule(20, () => t.fail("it ran"));
  host.fireAt(1_019);
  t.true(host.isArmed);
  timer.cancel();
  t.false(host.isArmed);
});

test("NodeTimeProvider leaves no timer behind when a sleep is aborted", async (t) => {
  const host = new FakeHost();
  const controller = new AbortController();
  const sleeping = new NodeTimeProvider(host).sleep(60_000, {
    signal: controller.signal,
  });
  t.true(host.isArmed);
  controller.abort(new Error("enough"));
  t.false(host.isArmed);
  await t.throwsAsync(sleeping, { message: "enough" });
});

test("NodeTimeProvider lends its now() as timer(): no drift in production", (t) => {
  const host = new FakeHost();
  t.is(new NodeTimeProvider(host).timer(), host.nowMs);
});
