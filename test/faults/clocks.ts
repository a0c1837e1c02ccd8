/** Clocks that are wrong, and timers that are late. */
import type { SimWorldOptions } from "../../src/sim/index.ts";
import type { TimeProvider } from "../../src/core/index.ts";
import { ipA, ipB } from "../sim/support.ts";
import { inWorld, type Family, type Sight } from "./family.ts";

function withClock(
  options: Partial<SimWorldOptions>,
  seen: (time: TimeProvider, other: TimeProvider) => Promise<boolean>,
): Promise<Sight> {
  return inWorld(options, async (world) =>
    seen(world.providers(ipA).time, world.providers(ipB).time),
  );
}

/** Sleep a thousand times, and tell whether anything about one sleep is as `seen` says. */
async function sleeps(
  time: TimeProvider,
  seen: (passedMs: number, shownMs: number) => boolean,
): Promise<boolean> {
  let any = false;
  for (let turn = 0; turn < 1_000; turn += 1) {
    const [nowMs, wallMs] = [time.now(), time.wallClock()];
    await time.sleep(10);
    any ||= seen(time.now() - nowMs, time.wallClock() - wallMs);
  }
  return any;
}

export const clockFamilies: readonly Family[] = [
  {
    fault: "clock ahead",
    counted: [],
    live: (on) =>
      withClock(on ? { clockDriftMaxMs: 100 } : {}, (time) => {
        const aheadMs = time.timer() - time.now();
        return Promise.resolve(aheadMs > 0 && aheadMs <= 100);
      }),
  },
  {
    fault: "wall clock at a wrong rate",
    counted: ["clock rate"],
    live: (on) =>
      withClock(
        on ? { clock: { ratePpmMax: 500 } } : {},
        async (time, other) => {
          await time.sleep(1_000_000);
          return Math.abs(time.wallClock() - other.wallClock()) > 1;
        },
      ),
  },
  {
    fault: "wall clock that jumps",
    counted: ["clock step"],
    live: (on) =>
      withClock(on ? { clock: { stepEveryMs: 500 } } : {}, (time) =>
        sleeps(time, (_, shownMs) => shownMs < 0),
      ),
  },
  {
    fault: "late timer",
    counted: ["late timer"],
    live: (on) =>
      withClock(
        on ? { clock: { sleepDelayMaxMs: 100, sleepDelayProbability: 1 } } : {},
        (time) => sleeps(time, (passedMs) => passedMs > 10.001),
      ),
  },
];
