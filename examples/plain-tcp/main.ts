/** The scores over TCP: `node dist/examples/plain-tcp/main.js`, then `nc localhost 4600`. */
import { once } from "node:events";
import { nodeProviders } from "wavetank/node";

import { startScores } from "./scores.ts";

const [, , listen = "127.0.0.1:4600"] = process.argv;
const scores = await startScores(nodeProviders(), listen);
console.log(`the scores are kept at ${scores.address}; Ctrl-C stops`);
await once(process, "SIGINT");
await scores.close();
