/** The bank over TCP: the only file that says Node. `npm run serve`. */
import { nodeProviders } from "wavetank/node";

import { startBank } from "./bank.ts";

const listen = process.env["BANK_LISTEN"] ?? "127.0.0.1:4500";
const dataFolder = process.env["BANK_DATA"] ?? "data";

const bank = await startBank(nodeProviders({ dataFolder }), listen);
console.log(
  `the bank listens at ${listen} and keeps its journal in ${dataFolder}/; Ctrl-C stops it`,
);

await new Promise((resolve) => {
  process.once("SIGINT", resolve);
  process.once("SIGTERM", resolve);
});
await bank[Symbol.asyncDispose]();
