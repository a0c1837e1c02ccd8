/** Every row of the table, in its order. A new row is a file here and a line below. */
import type { Row } from "../row.ts";
import { rpcCodec } from "./rpc-codec.ts";
import { rpcEndpoints } from "./rpc-endpoints.ts";
import { rpcHostile } from "./rpc-hostile.ts";
import { rpcIdle } from "./rpc-idle.ts";
import { rpcStream } from "./rpc-stream.ts";
import {
  rpcUnary1KibC64,
  rpcUnary64BytesC1,
  rpcUnary64BytesC1024,
  rpcUnary64BytesC64,
  rpcUnary64KibC64,
} from "./rpc-unary.ts";
import { simBytes, simScale } from "./sim-bytes.ts";
import { simCluster } from "./sim-cluster.ts";
import { simDisk } from "./sim-disk.ts";
import { simOverhead } from "./sim-overhead.ts";
import { simCalls, simSleepers } from "./sim.ts";
import { transportEcho64BytesC64 } from "./transport-echo.ts";

export const rows: readonly Row[] = [
  simSleepers,
  simScale,
  simBytes,
  simCluster,
  simDisk,
  simOverhead,
  simCalls,
  transportEcho64BytesC64,
  rpcCodec,
  rpcUnary64BytesC1,
  rpcUnary64BytesC64,
  rpcUnary64BytesC1024,
  rpcUnary1KibC64,
  rpcUnary64KibC64,
  rpcStream,
  rpcHostile,
  rpcEndpoints,
  rpcIdle,
];
