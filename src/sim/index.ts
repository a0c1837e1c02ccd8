/**
 * The simulated world: clock, chance, network, disks and processes, stepped one event at a time.
 *
 * Imports `core`, `base` and, for the host's clock, `node`. Nothing of production.
 * Start with `world.ts`; `engine.ts` is its heart, `drive.ts` what makes it beat.
 */
export { MachineClock, worldEpochMs } from "./clock.ts";
export {
  defaultClockConfiguration,
  resolveClockConfiguration,
  type ClockConfiguration,
} from "./clock-config.ts";
export { type Decision, type DecisionKind } from "./decisions.ts";
export {
  SimulationError,
  isSimulationError,
  checkOptionNames,
  checkSeed,
  type SimulationErrorCode,
} from "./error.ts";
export {
  EventQueue,
  type Action,
  type EventHandle,
  type PendingEvent,
} from "./event-queue.ts";
export {
  type ConnectionStateChange,
  type Event,
  type EventListener,
  type EventName,
  type EventStamp,
  type NetworkOperation,
  type ProcessOperation,
  type ScheduledEvent,
  type StorageOperation,
  type TimerOperation,
} from "./event.ts";
export { type TieBreak } from "./engine.ts";
export { EventLog, formatOperation, type Operation } from "./event-log.ts";
export { FaultLog, simFaults, type SimFaultEvent } from "./fault-log.ts";
export { Fingerprint } from "./fingerprint.ts";
export { Incarnation } from "./incarnation.ts";
export {
  type Holding,
  type HoldingKind,
  type Inspection,
  type Inventory,
} from "./inventory.ts";
export { type DeathOptions } from "./life.ts";
export { type Way } from "./network/blockades.ts";
export {
  defaultChaosConfiguration,
  disabledChaos,
  randomChaos,
  ChaosConfiguration,
  type ConnectFailureMode,
} from "./network/chaos-config.ts";
export {
  Circuit,
  type CircuitEnd,
  type CloseKind,
  type CloseOptions,
} from "./network/circuit.ts";
export { SimConnection } from "./network/connection.ts";
export { SimListener } from "./network/listener.ts";
export { SimDatagramSocket } from "./network/datagram.ts";
export {
  sampleDuration,
  type BimodalLatency,
  type ExponentialLatency,
  type Latency,
  type LongTailLatency,
  type MsRange,
} from "./network/latency.ts";
export {
  defaultNetworkConfiguration,
  fastLocalNetwork,
  randomNetworkForSeed,
  resolveNetworkConfiguration,
  type LinkOverride,
  NetworkConfiguration,
} from "./network/network-config.ts";
export {
  type LinkFilter,
  type LinkRule,
  type TrafficRecording,
  type TravellingSegment,
  type Verdict,
} from "./network/traffic.ts";
export { SimNetwork } from "./network/sim-network.ts";
export { SimNetworkProvider } from "./network/provider.ts";
export { EventKind, type Owner } from "./owner.ts";
export { SimProviders } from "./providers.ts";
export { Draws, SimRandomProvider, type Breakpoint } from "./random.ts";
export { formatTimeline, parseTimeline, type BugRecipe } from "./recipe.ts";
export { type Settling } from "./settle.ts";
export {
  Chronology,
  SharedState,
  stateKey,
  timelineKey,
  type StateKey,
  type Timeline,
  type TimelineCursor,
  type TimelineEntry,
  type TimelineKey,
  type TimelineView,
} from "./state.ts";
export {
  StateHandle,
  type StateHolder,
  type StateView,
} from "./state-handle.ts";
export { type CrashLosses } from "./storage/crash-losses.ts";
export { InMemoryStorage } from "./storage/in-memory-storage.ts";
export {
  drawCrash,
  everythingKept,
  everythingLost,
  type CrashChoices,
  type CrashOdds,
} from "./storage/crash-choices.ts";
export {
  type CrashStatesOptions,
  type DiskState,
} from "./storage/crash-states.ts";
export { Disk } from "./storage/disk.ts";
export { FaultAtlas, type DamageBook } from "./storage/fault-atlas.ts";
export { SectorBitSet } from "./storage/sector-bit-set.ts";
export {
  fastLocalStorage,
  randomStorageForSeed,
} from "./storage/storage-presets.ts";
export { SECTOR_SIZE } from "./storage/sector.ts";
export { SimStorageFile } from "./storage/file.ts";
export { SimStorageProvider } from "./storage/provider.ts";
export {
  defaultStorageConfiguration,
  resolveStorageConfiguration,
  type StorageConfiguration,
  type UnsyncedMode,
} from "./storage/storage-config.ts";
export {
  StorageChecker,
  type CopyDifference,
} from "./storage/storage-checker.ts";
export { WriteChecker, type IllegalRead } from "./storage/write-checker.ts";
export { SimTaskProvider } from "./tasks.ts";
export { SimTimeProvider } from "./time.ts";
export { TraceLog, type TraceEntry, type TraceListener } from "./trace-log.ts";
export { TraceQuery, type TraceFilter } from "./trace-query.ts";
export { SimWorld } from "./world.ts";
export {
  type Crash,
  type SimWorldOptions,
  type Weather,
} from "./world-options.ts";
