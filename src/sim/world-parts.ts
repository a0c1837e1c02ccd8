/** What a world consists of, made from its options. */
import { decisionLogOf } from "./decisions.ts";
import { Engine } from "./engine.ts";
import { FaultLog, simFaults } from "./fault-log.ts";
import { SimHandle } from "./handle.ts";
import { Machines } from "./machines.ts";
import { Origins } from "./origins.ts";
import { SimNetwork } from "./network/sim-network.ts";
import { Chronology, SharedState } from "./state.ts";
import { StateHandle } from "./state-handle.ts";
import { SimTimeProvider } from "./time.ts";
import { TraceLog } from "./trace-log.ts";
import { resolveWeather } from "./weather.ts";
import type { SimWorldOptions } from "./world-options.ts";

export interface WorldParts {
  readonly engine: Engine;
  readonly machines: Machines;
  readonly faults: FaultLog;
  readonly trace: TraceLog;
  readonly state: StateHandle;
  readonly network: SimNetwork;
  readonly time: SimTimeProvider;
}

/** Make them in the order in which they draw: the weather comes first. */
export function assembleWorld(options: SimWorldOptions): WorldParts {
  const { seed, recipe = [], log } = options;
  const decisions = decisionLogOf(options);
  const origins = options.keepOrigins === true ? new Origins() : undefined;
  const engine = new Engine({ seed, recipe, decisions, log, origins });
  const shared = new SharedState(
    new Chronology(() => engine.nowMicros / 1_000),
  );
  const faults = new FaultLog(shared.chronology);
  shared.adopt(simFaults, faults.recent);
  const weather = resolveWeather(options, engine.stream("weather"));
  engine.breakTies(weather.tieBreak);
  const network = new SimNetwork(engine, weather.network, faults);
  const trace = new TraceLog(options.traceRecentMax ?? 0);
  const parts = { engine, network, trace, faults };
  return {
    ...parts,
    machines: new Machines({ ...weather, ...parts, shared }),
    state: new StateHandle(shared, {
      source: engine.root.ip,
      mayWrite: () => !engine.ended,
    }),
    time: new SimTimeProvider(new SimHandle(engine, engine.root)),
  };
}
