/** The five real providers in one bundle. */
import type { Given } from "../base/with-defaults.ts";
import { type Providers, silentTrace, type Trace } from "../core/index.ts";
import { type NodeConfig, resolveNodeConfig } from "./config.ts";
import { NodeNetworkProvider } from "./network.ts";
import { NodeRandomProvider } from "./random.ts";
import { NodeStorageProvider } from "./storage.ts";
import { NodeTaskProvider } from "./tasks.ts";
import { NodeTimeProvider } from "./time.ts";

/** What a process brings along that is no plain data. */
export interface NodeParts {
  /** Fires when the process is asked to stop: so do the signals of its tasks. */
  stop?: AbortSignal | undefined;
  /** Who listens to structured events. By default nobody. */
  trace?: Trace | undefined;
}

/**
 * The world as production code is given it. Two bundles in one program share
 * nothing but the machine, so a test may give each of its servers its own.
 */
export class NodeProviders implements Providers {
  /** The configuration in force. */
  readonly config: Readonly<NodeConfig>;
  readonly network: NodeNetworkProvider;
  readonly time: NodeTimeProvider;
  readonly tasks: NodeTaskProvider;
  readonly random: NodeRandomProvider;
  readonly storage: NodeStorageProvider;
  readonly trace: Trace;

  /** Throws `TypeError` or `RangeError` for an option that makes no sense. */
  constructor(config: Given<NodeConfig> = {}, parts: NodeParts = {}) {
    this.config = resolveNodeConfig(config);
    this.trace = parts.trace ?? silentTrace;
    this.network = new NodeNetworkProvider(this.config, this.trace);
    this.time = new NodeTimeProvider();
    this.tasks = new NodeTaskProvider(parts.stop);
    this.random = new NodeRandomProvider();
    this.storage = new NodeStorageProvider(this.config.dataFolder);
  }
}

/** The real world: `nodeProviders({ dataFolder: "data" })`. */
export function nodeProviders(
  config: Given<NodeConfig> = {},
  parts: NodeParts = {},
): NodeProviders {
  return new NodeProviders(config, parts);
}
