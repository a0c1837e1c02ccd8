/** The clock of one simulated machine: what it believes the time of day to be, and how late its timers are. */
import {
  defaultClockConfiguration,
  type ClockConfiguration,
} from "./clock-config.ts";
import type { Engine } from "./engine.ts";
import type { FaultLog } from "./fault-log.ts";
import type { SimRandomProvider } from "./random.ts";

/** The instant at which every world begins: the start of 2026, UTC, in milliseconds since 1970. */
export const worldEpochMs = 1_767_225_600_000;

const million = 1_000_000;

/** The higher, the rarer are timers that are really late: this is FoundationDB's. */
const latenessPower = 1_000;

/** It outlives the machine's processes: a reboot sets no clock right. */
export class MachineClock {
  readonly #engine: Engine;
  readonly #faults: FaultLog;
  readonly #ip: string;
  readonly #random: SimRandomProvider;
  #config: Readonly<ClockConfiguration> = defaultClockConfiguration;
  #driftMaxMs = 0;
  #ratePpm = 0;
  /** What it showed, and when: from there it runs on. */
  #shownMs = worldEpochMs;
  #atMs = 0;
  #nextStepMs = Infinity;

  constructor(engine: Engine, ip: string, faults: FaultLog) {
    this.#engine = engine;
    this.#faults = faults;
    this.#ip = ip;
    this.#random = engine.stream(`clock ${ip}`);
  }

  /** How far `timer()` may run ahead of `now()` at present. */
  get driftMaxMs(): number {
    return this.#driftMaxMs;
  }

  /** From now on it is as wrong as the configuration says, and `timer()` may run so far ahead. */
  storm(config: Readonly<ClockConfiguration>, driftMaxMs: number): void {
    this.#config = config;
    this.#driftMaxMs = driftMaxMs;
    const { ratePpmMax } = config;
    if (ratePpmMax > 0) {
      this.setRate((this.#random.ratio() * 2 - 1) * ratePpmMax);
      this.#faults.count("clock rate", this.#ip);
    }
    this.#drawNextStep();
  }

  /** From now on it runs at the right rate, from wherever it is, timers are exact, and `timer()` waits for `now()`. */
  calm(): void {
    this.setRate(0);
    this.#driftMaxMs = 0;
    this.#config = defaultClockConfiguration;
    this.#nextStepMs = Infinity;
  }

  /** Let it gain so many millionths from now on; below 0 it loses. */
  setRate(ppm: number): void {
    this.#anchor();
    this.#ratePpm = ppm;
  }

  /** Set it forward by so much; below 0 back. */
  step(ms: number): void {
    this.#anchor();
    this.#shownMs += ms;
    this.#faults.count("clock step", this.#ip);
  }

  /** What it shows. */
  wallMs(): number {
    if (this.#nowMs >= this.#nextStepMs) this.#stepByChance();
    return this.#read();
  }

  /** How much later than it should a timer fires that is set now. */
  latenessMs(): number {
    const { sleepDelayMaxMs, sleepDelayProbability } = this.#config;
    if (sleepDelayMaxMs === 0) return 0;
    if (!this.#random.bool(sleepDelayProbability)) return 0;
    const power = Math.exp(latenessPower * Math.log(this.#random.ratio()));
    this.#faults.count("late timer", this.#ip);
    return sleepDelayMaxMs * power;
  }

  get #nowMs(): number {
    return this.#engine.nowMicros / 1_000;
  }

  #read(): number {
    const passedMs = this.#nowMs - this.#atMs;
    return this.#shownMs + passedMs + (passedMs * this.#ratePpm) / million;
  }

  #anchor(): void {
    this.#shownMs = this.#read();
    this.#atMs = this.#nowMs;
  }

  /** Steps are taken when somebody looks: nobody can tell the difference, and no event is needed. */
  #stepByChance(): void {
    const { stepMaxMs } = this.#config;
    this.step((this.#random.ratio() * 2 - 1) * stepMaxMs);
    this.#drawNextStep();
  }

  #drawNextStep(): void {
    const { stepEveryMs } = this.#config;
    if (stepEveryMs === 0) return;
    const pauseMs = -Math.log(1 - this.#random.ratio()) * stepEveryMs;
    this.#nextStepMs = this.#nowMs + pauseMs;
  }
}
