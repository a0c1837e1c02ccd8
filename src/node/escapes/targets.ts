/** What counts as the machine: every clock, source of entropy, timer, file and socket that can be watched cheaply. */
import child_process from "node:child_process";
import crypto from "node:crypto";
import dgram from "node:dgram";
import dns from "node:dns";
import fs from "node:fs";
import net from "node:net";
import os from "node:os";
import timers from "node:timers";
import timersPromises from "node:timers/promises";
import worker_threads from "node:worker_threads";
import zlib from "node:zlib";

import type { EscapeKind } from "./watch.ts";

/** Functions of one object. */
export interface Target {
  readonly kind: EscapeKind;
  /** What to call the object; empty for globals. */
  readonly label: string;
  readonly holder: object;
  readonly names: readonly string[];
  /** Whether these are made with `new`. */
  readonly classes?: boolean;
}

/** Everything that is watched, in the order in which it is replaced. Looked up when asked: other code may have come first. */
export function targets(): Target[] {
  return [
    ...clocks(),
    ...chance(),
    ...timersOfAllKinds(),
    ...disks(),
    ...networks(),
    ...others(),
  ];
}

function clocks(): Target[] {
  const temporal = (globalThis as { Temporal?: { Now?: object } }).Temporal;
  const kind = "clock";
  const instants = temporal?.Now ?? {};
  return [
    { kind, label: "Date", holder: Date, names: ["now"] },
    { kind, label: "performance", holder: performance, names: ["now", "mark"] },
    {
      kind,
      label: "process.hrtime",
      holder: process.hrtime,
      names: ["bigint"],
    },
    { kind, label: "process", holder: process, names: ["hrtime", "uptime"] },
    { kind, label: "os", holder: os, names: ["uptime"] },
    { kind, label: "Temporal.Now", holder: instants, names: methods(instants) },
  ];
}

function chance(): Target[] {
  const kind = "chance";
  // `getRandomValues` of `node:crypto` calls the one of the Web.
  const words = ["randomUUID", "getRandomValues"];
  const bytes = [
    "randomUUID",
    "randomBytes",
    "randomInt",
    "randomFill",
    "randomFillSync",
  ];
  const keys = ["generateKeySync", "generateKeyPairSync", "generatePrimeSync"];
  return [
    { kind, label: "Math", holder: Math, names: ["random"] },
    { kind, label: "crypto", holder: globalThis.crypto, names: words },
    { kind, label: "crypto", holder: crypto, names: bytes },
    { kind, label: "crypto", holder: crypto, names: keys },
  ];
}

function timersOfAllKinds(): Target[] {
  const kind = "timer";
  const names = ["setTimeout", "setInterval", "setImmediate"];
  const { scheduler } = timersPromises;
  return [
    { kind, label: "", holder: globalThis, names },
    { kind, label: "timers", holder: timers, names },
    { kind, label: "timers/promises", holder: timersPromises, names },
    { kind, label: "scheduler", holder: scheduler, names: ["wait", "yield"] },
    { kind, label: "AbortSignal", holder: AbortSignal, names: ["timeout"] },
  ];
}

function disks(): Target[] {
  const kind = "disk";
  return [
    { kind, label: "fs", holder: fs, names: methods(fs) },
    {
      kind,
      label: "fs.promises",
      holder: fs.promises,
      names: methods(fs.promises),
    },
  ];
}

function networks(): Target[] {
  const kind = "network";
  const socket = net.Socket.prototype;
  const server = net.Server.prototype;
  const datagrams = dgram.Socket.prototype;
  return [
    { kind, label: "net.Socket", holder: socket, names: ["connect"] },
    { kind, label: "net.Server", holder: server, names: ["listen"] },
    {
      kind,
      label: "dgram.Socket",
      holder: datagrams,
      names: ["bind", "connect", "send"],
    },
    { kind, label: "dns", holder: dns, names: lookups(dns) },
    {
      kind,
      label: "dns.promises",
      holder: dns.promises,
      names: lookups(dns.promises),
    },
  ];
}

function others(): Target[] {
  const onTheSide = [
    ...["pbkdf2", "scrypt", "hkdf", "generateKey", "generateKeyPair"],
    ...["generatePrime", "checkPrime"],
  ];
  const facts = [
    ...["hostname", "freemem", "totalmem", "loadavg", "cpus"],
    ...["networkInterfaces", "userInfo", "availableParallelism"],
  ];
  const use = ["memoryUsage", "cpuUsage", "resourceUsage"];
  const { subtle } = crypto.webcrypto;
  const webAssembly =
    (globalThis as { WebAssembly?: object }).WebAssembly ?? {};
  return [
    {
      kind: "process",
      label: "child_process",
      holder: child_process,
      names: methods(child_process),
    },
    {
      kind: "process",
      label: "worker_threads",
      holder: worker_threads,
      names: ["Worker"],
      classes: true,
    },
    { kind: "pool", label: "crypto", holder: crypto, names: onTheSide },
    {
      kind: "pool",
      label: "crypto.subtle",
      holder: subtle,
      names: methods(Object.getPrototypeOf(subtle) as object),
    },
    { kind: "pool", label: "zlib", holder: zlib, names: asyncForms(zlib) },
    {
      kind: "pool",
      label: "WebAssembly",
      holder: webAssembly,
      names: ["compile", "instantiate"],
    },
    {
      kind: "pool",
      label: "Atomics",
      holder: Atomics,
      names: ["wait", "waitAsync"],
    },
    { kind: "host", label: "os", holder: os, names: facts },
    { kind: "host", label: "process", holder: process, names: use },
    {
      kind: "collector",
      label: "WeakRef",
      holder: WeakRef.prototype,
      names: ["deref"],
    },
    {
      kind: "collector",
      label: "FinalizationRegistry",
      holder: FinalizationRegistry.prototype,
      names: ["register"],
    },
  ];
}

/** Every function of an object that is not a class. */
function methods(holder: object): string[] {
  return Object.getOwnPropertyNames(holder).filter((name) => {
    const { value } = Object.getOwnPropertyDescriptor(holder, name) ?? {};
    return (
      /^[a-z]/.test(name) &&
      name !== "constructor" &&
      typeof value === "function"
    );
  });
}

function lookups(holder: object): string[] {
  return methods(holder).filter((name) =>
    /^(lookup|resolve|reverse)/.test(name),
  );
}

/** `gzip` of `gzip` and `gzipSync`: what completes later, on another thread. */
function asyncForms(holder: object): string[] {
  const all = methods(holder);
  return all.filter((name) => all.includes(`${name}Sync`));
}
