/** A use of everything of the machine that a simulation must not use, each with the name that it is reported by. */
import child_process from "node:child_process";
import crypto from "node:crypto";
import dgram from "node:dgram";
import dns from "node:dns";
import fs from "node:fs";
import { readFile } from "node:fs/promises";
import net from "node:net";
import os from "node:os";
import { setTimeout as wait, scheduler } from "node:timers/promises";
import worker_threads from "node:worker_threads";
import zlib from "node:zlib";

import type { EscapeKind } from "../../src/node/index.ts";

export interface Use {
  readonly kind: EscapeKind;
  readonly what: string;
  readonly use: () => unknown;
}

const use = (kind: EscapeKind, what: string, run: () => unknown): Use => ({
  kind,
  what,
  use: run,
});
const nothing = (): void => undefined;
const nowhere = "/nowhere/at/all";
/** What comes of it is no matter. */
const quietly = (promise: Promise<unknown>): void =>
  void promise.catch(nothing);

export const uses: readonly Use[] = [
  use("clock", "Date.now", () => Date.now()),
  use("clock", "new Date()", () => new Date()),
  use("clock", "new Date()", () => (Date as () => string)()),
  use("clock", "performance.now", () => performance.now()),
  use("clock", "performance.mark", () => performance.mark("here")),
  use("clock", "process.hrtime", () => process.hrtime()),
  use("clock", "process.hrtime.bigint", () => process.hrtime.bigint()),
  use("clock", "process.uptime", () => process.uptime()),
  use("clock", "os.uptime", () => os.uptime()),
  use("chance", "Math.random", () => Math.random()),
  use("chance", "crypto.randomUUID", () => crypto.randomUUID()),
  use("chance", "crypto.randomUUID", () => globalThis.crypto.randomUUID()),
  use("chance", "crypto.getRandomValues", () =>
    crypto.getRandomValues(new Uint8Array(1)),
  ),
  use("chance", "crypto.getRandomValues", () =>
    globalThis.crypto.getRandomValues(new Uint8Array(1)),
  ),
  use("chance", "crypto.randomBytes", () => crypto.randomBytes(1)),
  use("chance", "crypto.randomInt", () => crypto.randomInt(9)),
  use("chance", "crypto.randomFillSync", () =>
    crypto.randomFillSync(new Uint8Array(1)),
  ),
  use("timer", "setTimeout", () => clearTimeout(setTimeout(nothing, 9))),
  use("timer", "setInterval", () => clearInterval(setInterval(nothing, 9))),
  use("timer", "setImmediate", () => clearImmediate(setImmediate(nothing))),
  use("timer", "timers/promises.setTimeout", () => quietly(wait(0))),
  use("timer", "scheduler.wait", () => quietly(scheduler.wait(0))),
  use("timer", "AbortSignal.timeout", () => AbortSignal.timeout(9)),
  use("disk", "fs.readFileSync", () => fs.readFileSync("/dev/null")),
  use("disk", "fs.readFile", () => fs.readFile(nowhere, nothing)),
  use("disk", "fs.promises.readFile", () => quietly(readFile(nowhere))),
  use("disk", "fs.existsSync", () => fs.existsSync(nowhere)),
  use("network", "net.Socket.connect", () =>
    net.connect(1, "127.0.0.1").on("error", nothing).destroy(),
  ),
  use("network", "net.Server.listen", () =>
    net.createServer().listen(0, "127.0.0.1").close(),
  ),
  use("network", "dgram.Socket.bind", () =>
    dgram.createSocket("udp4").bind(0, "127.0.0.1").close(),
  ),
  use("network", "dns.lookup", () => dns.lookup("127.0.0.1", nothing)),
  use("network", "dns.promises.lookup", () =>
    quietly(dns.promises.lookup("127.0.0.1")),
  ),
  use("process", "child_process.execFileSync", () =>
    child_process.execFileSync(process.execPath, ["--version"]),
  ),
  use("process", "worker_threads.Worker", () => {
    const worker = new worker_threads.Worker("0", { eval: true });
    quietly(worker.terminate());
  }),
  use("pool", "crypto.pbkdf2", () =>
    crypto.pbkdf2("a", "b", 1, 8, "sha1", nothing),
  ),
  use("pool", "crypto.subtle.digest", () =>
    quietly(crypto.subtle.digest("SHA-1", new Uint8Array(1))),
  ),
  use("pool", "zlib.gzip", () => zlib.gzip("a", nothing)),
  use("host", "os.hostname", () => os.hostname()),
  use("host", "process.memoryUsage", () => process.memoryUsage()),
  use("collector", "WeakRef.deref", () => new WeakRef({}).deref()),
  use("collector", "FinalizationRegistry.register", () =>
    new FinalizationRegistry(nothing).register({}, 0),
  ),
];
