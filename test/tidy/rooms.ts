/** The floor plan of `src/` as data: what the rules of the house are checked against. */

/** Lower floors first. A room may import itself and rooms on lower floors. */
export const floors: readonly (readonly string[])[] = [
  ["base"],
  ["core"],
  ["wire", "codegen", "node", "assertions"],
  ["transport", "sim"],
  ["rpc", "check"],
  ["actors", "services", "opentelemetry", "runner"],
  ["postgres", "explore", "ambient"],
  ["cli"],
];

export const floorOf: ReadonlyMap<string, number> = new Map(
  floors.flatMap((rooms, floor) => rooms.map((room) => [room, floor] as const)),
);

/** What is deployed. It is given its providers, so it imports neither the real ones nor the laboratory. */
export const production: ReadonlySet<string> = new Set([
  "wire",
  "transport",
  "rpc",
  "actors",
  "services",
  "opentelemetry",
  "postgres",
]);
/** What tests the deployed. It knows nothing of it, so that either can be used without the other. */
export const laboratory: ReadonlySet<string> = new Set([
  "sim",
  "runner",
  "explore",
  "check",
  "ambient",
]);

/** The generated code that is part of the package. */
export const generated: readonly string[] = ["gen/wavetank/", "gen/grpc/"];

/**
 * Rooms that may import generated specs. Those import `wavetank`, so nothing that `wavetank` exports may import them: a
 * module would be used before it is there.
 */
export const specRooms: ReadonlySet<string> = new Set(["services"]);

/** The one room whose files may be imported directly: it has no secrets, only small structures. */
export const openRoom = "base";

/** Files directly in `src/` are the doors of the package. They may import any room's door, within their column. */
export const roof = "";
export const roofColumns: Readonly<
  Record<string, "production" | "laboratory">
> = {
  "src/index.ts": "production",
  "src/sim.ts": "laboratory",
  "src/ava.ts": "laboratory",
  "src/escapes.ts": "laboratory",
};

/** The rooms that may touch the machine: clocks, timers, entropy, sockets, files, workers, the terminal. */
export const hostRooms: ReadonlySet<string> = new Set([
  "node",
  "cli",
  "ambient",
  "postgres",
]);

/** Words that a file outside those rooms may use all the same, and why. */
export const wordExceptions: readonly {
  file: string;
  words: readonly string[];
  why: string;
}[] = [
  {
    file: "src/sim/settle.ts",
    words: ["process"],
    why: "settles promises after every event",
  },
  {
    file: "src/codegen/main.ts",
    words: ["process", "node:process"],
    why: "is an executable that buf starts",
  },
  {
    file: "src/codegen/",
    words: ["node:crypto"],
    why: "identities are SHA-256 of names, computed at build time",
  },
];

/** Packages that a file may import although users do not install them, and why. */
export const packageExceptions: readonly {
  file: string;
  packages: readonly string[];
  why: string;
}[] = [
  {
    file: "src/codegen/",
    packages: ["@bufbuild/protoplugin"],
    why: "is bundled into protoc-gen-wavetank",
  },
  {
    file: "src/opentelemetry/",
    packages: ["@opentelemetry/api"],
    why: "is for those who have that package: nothing else imports the room",
  },
];

/** Files above 250 lines, and what excuses each. */
export const longFiles: Readonly<Record<string, string>> = {
  "src/runner/builder.ts":
    "the face of a simulation: a short method for each thing that it can be told, and nothing behind them",
  "src/sim/event-queue.ts":
    "the heap and its slots share every array: apart they would be slower (sim.sleepers)",
  "src/sim/network/pipe.ts":
    "the way of a segment, in one object: taken apart, each part is one more miss of the cache (sim.scale)",
  "src/sim/world.ts":
    "the face of a world: a short method for each thing that it can be asked, and nothing behind them",
};

/** Where objects are made that every message meets: a spread would cost each read of them (sim.scale). */
export const writtenOut: ReadonlySet<string> = new Set(
  ["connection", "inbox", "join-ends", "link", "pipe", "room"].map(
    (name) => `src/sim/network/${name}.ts`,
  ),
);

const perAssertion = "called for every assertion that a simulation evaluates";
const perEvent =
  "runs for every simulated event: an object of options would be an allocation each (sim.sleepers)";
const perWrite =
  "runs for every simulated write: an object of options would be an allocation each (sim.calls)";

/** Functions above three positional parameters, as `file#name`, and what excuses each. */
export const wideFunctions: Readonly<Record<string, string>> = {
  "src/core/uid.ts#constructor": "a UID is its four words",
  "src/runner/observations.ts#observe": perAssertion,
  "src/sim/fingerprint.ts#event": perEvent,
  "src/sim/engine.ts#schedule": perEvent,
  "src/sim/engine.ts#scheduleNext": perEvent,
  "src/sim/event-queue.ts#schedule": perEvent,
  "src/sim/event-queue.ts##rise": perEvent,
  "src/sim/event-queue.ts##put": perEvent,
  "src/sim/network/link.ts#carry": perWrite,
};

/** Files that may hold a variable of the module: what the current world and the current table of assertions are. */
export const moduleVariables: readonly { file: string; atMost: number }[] = [
  { file: "src/assertions/table.ts", atMost: 1 },
  { file: "src/sim/", atMost: 1 },
];

/** Where the bundler starts for binaries whose file in `bin` is a bundle. */
export const bundled: Readonly<Record<string, string>> = {
  "dist/bin/protoc-gen-wavetank.mjs": "src/codegen/main.ts",
};

/** The room of a file: the folder below `src/`, or the roof. */
export function roomOf(path: string): string {
  const parts = path.split("/");
  return parts.length > 2 ? (parts[1] as string) : roof;
}
