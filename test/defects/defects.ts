/** Every defect of the simulator that this one follows, as something that holds here. docs/defects.md lists them by number. */
import { balancingDefects } from "./balancing.ts";
import { boundDefects } from "./bounds.ts";
import { chanceDefects } from "./chance.ts";
import { connectionDefects } from "./connections.ts";
import type { Defect } from "./defect.ts";
import { determinismDefects } from "./determinism.ts";
import { processDefects } from "./processes.ts";
import { rpcDefects } from "./rpc.ts";
import { runnerDefects } from "./runner.ts";
import { deliveryDefects } from "./delivery.ts";
import { storageDefects } from "./storage.ts";
import { streamDefects } from "./streams.ts";
import { transportDefects } from "./transport.ts";

export const defects: readonly Defect[] = [
  ...connectionDefects,
  ...streamDefects,
  ...chanceDefects,
  ...processDefects,
  ...runnerDefects,
  ...determinismDefects,
  ...transportDefects,
  ...boundDefects,
  ...deliveryDefects,
  ...rpcDefects,
  ...balancingDefects,
  ...storageDefects,
];
