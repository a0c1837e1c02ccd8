/**
 * Runs a program in many simulated worlds, one per seed, breaks things in each, and reports.
 *
 * Imports `sim`, `assertions`, `core`, `base` and, for the host's clock and a drawn seed, `node`. Nothing of production.
 * Start with `builder.ts`; a seed travels `simulate.ts` → `seed-run.ts` → `story.ts` → `sim/world.ts` → `tally.ts` → `report.ts`.
 */
export {
  type AttackFactory,
  type AttackOptions,
  type AttackWorkload,
} from "./attack.ts";
export { defaultAttrition, type Attrition } from "./attrition.ts";
export { SimulationBuilder } from "./builder.ts";
export { type ChaosMode, type ChaosOptions, type DrawnChaos } from "./chaos.ts";
export { defaultClogs, type Clogs } from "./chaos-clogs.ts";
export {
  defaultConnectionFaults,
  type ConnectionFaults,
} from "./chaos-connections.ts";
export {
  type FamilySwitches,
  type StorageFamilySwitches,
} from "./chaos-families.ts";
export { defaultStalls, type Stalls } from "./chaos-stalls.ts";
export { type ClusterKind, type ClusterKinds } from "./cluster-kinds.ts";
export {
  type ClientId,
  type WorkloadCount,
  type WorkloadOptions,
} from "./clients.ts";
export { type SimContext } from "./context.ts";
export { type Count } from "./count.ts";
export { type Divergence, type DivergentSide } from "./divergence.ts";
export { type Failure, type FailureKind } from "./failure.ts";
export { type DiskFaultHands } from "./disk-faults.ts";
export { type FaultBudget, type FaultLoss } from "./fault-budget.ts";
export { type FaultContext, type FaultInjector } from "./faults.ts";
export {
  defaultClusterLayout,
  MachineRegistry,
  type ClusterLayout,
  type FaultGroup,
  type FaultScope,
  type Locality,
} from "./locality.ts";
export { type IterationControl } from "./iterations.ts";
export {
  invariantFn,
  type Invariant,
  type InvariantFactory,
  type InvariantResult,
  type InvariantView,
} from "./invariant.ts";
export { type Machines, type NetworkFaults } from "./network-faults.ts";
export {
  type OperationMode,
  type Operations,
  type OperationTable,
  type OperationWeights,
} from "./operations.ts";
export { type NodeLimits, type NodeRunnerOptions } from "./node-options.ts";
export {
  type NodeFailure,
  type NodePart,
  type NodeReport,
  type NodeResult,
  type NodeViolation,
} from "./node-report.ts";
export { formatNodeReport } from "./node-report-text.ts";
export { NodeRunner, type Planned } from "./node-runner.ts";
export {
  averageMetrics,
  successRate,
  type SimulationMetrics,
} from "./metrics.ts";
export { type Observation } from "./observations.ts";
export {
  defaultPartitions,
  type PartitionDirection,
  type Partitions,
  type PartitionShape,
} from "./partitions.ts";
export {
  defaultPhases,
  type BeforeIteration,
  type Phases,
  type Plan,
  type WorkloadEntry,
  type WorkloadFactory,
} from "./plan.ts";
export {
  defaultAloneSeeds,
  type AloneOptions,
  type AloneReport,
} from "./proof-alone.ts";
export {
  escapeModes,
  type AllowEscape,
  type Escape,
  type EscapeMode,
} from "./proof-escapes.ts";
export {
  type Process,
  type ProcessOptions,
  type Started,
  type Workload,
} from "./program.ts";
export { type KillOptions, type ProcessFaults } from "./process-faults.ts";
export {
  defaultRollingRestart,
  machineAttrition,
  randomClogging,
  rollingRestart,
  type RollingRestart,
} from "./ready-attacks.ts";
export { type RebootKind, type RebootRanges } from "./reboot.ts";
export { formatReport, summaryLine } from "./report-text.ts";
export { plainPaint, type Paint, type ReportStyle } from "./report-style.ts";
export { duration, grouped, plural } from "./text.ts";
export { type Waiting } from "./waiting.ts";
export {
  replayLine,
  type FailedSeed,
  type RunEnd,
  type SimulationReport,
  type SlowSeed,
} from "./report.ts";
export {
  defaultSettleOptions,
  type LeftBehind,
  type Leftover,
  type SettleOptions,
} from "./settle.ts";
export { type SeedResult } from "./seed-result.ts";
export { type Seeds } from "./seeds.ts";
export { ShortSimulation } from "./short-simulation.ts";
export { simulate, type RunOptions } from "./simulate.ts";
export { ProcessTags, TagRegistry, type TagDimensions } from "./tags.ts";
export { type Victims } from "./victims.ts";
export { Topology, type Member } from "./topology.ts";
