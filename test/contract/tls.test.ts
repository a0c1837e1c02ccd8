/** Real connections keep the network contracts with TLS as well. */
import test from "ava";

import { nodeProviders } from "../../src/node/index.ts";
import { tlsOf } from "../node/certificates.ts";
import { acceptContract } from "./accept.contract.ts";
import { connectContract } from "./connect.contract.ts";
import type { Harness } from "./contract.ts";
import { streamEndContract } from "./stream-end.contract.ts";
import { streamContract } from "./stream.contract.ts";

const tlsHarness: Harness = {
  run: (body) =>
    body({
      a: nodeProviders({ tls: tlsOf("node") }),
      b: nodeProviders({ tls: tlsOf("guest") }),
      addressOf: (_which, port) => `tls://127.0.0.1:${port}`,
    }),
};

for (const contract of [
  connectContract,
  acceptContract,
  streamContract,
  streamEndContract,
])
  contract(test, "node with TLS", tlsHarness);
