/** Every row of the table, in its order. A new row is a file here and a line below. */
import type { Row } from "../row.ts";
import { rpcUnary64BytesC64 } from "./rpc-unary.ts";
import { simCalls, simSleepers } from "./sim.ts";

export const rows: readonly Row[] = [simSleepers, simCalls, rpcUnary64BytesC64];
