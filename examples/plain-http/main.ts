/** The server over TCP: `node dist/examples/plain-http/main.js`, then `curl localhost:8080/hello`. */
import { once } from "node:events";
import { nodeProviders, serveHttp } from "wavetank/node";

import { app } from "./app.ts";

const [, , listen = "127.0.0.1:8080"] = process.argv;
const service = await serveHttp(nodeProviders(), listen, app);
console.log(`listening at http://${service.address}; Ctrl-C stops it`);
await once(process, "SIGINT");
await service.close();
