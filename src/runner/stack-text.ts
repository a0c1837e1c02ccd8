/** Where an error came from: the lines of its stack that its reader can do something about. */

/** Frames that a report shows. */
const framesShown = 4;

/** The frames of the program and its tests; all frames, if the error came from nowhere else than our own code. */
export function ownFrames(stack: string | undefined): string[] {
  const frames = (stack?.split("\n") ?? [])
    .filter((line) => /^\s+at .*:\d+/.test(line) && !line.includes("node:"))
    .map((line) => line.trim());
  const theirs = frames.filter((frame) => !isOurs(frame));
  return (theirs.length > 0 ? theirs : frames).slice(0, framesShown);
}

/** The first frame of the program or its tests, `open (file:///shop.ts:12:5)`; undefined when there is none. */
export function firstOwnFrame(stack: string | undefined): string | undefined {
  const frame = ownFrames(stack).find((each) => !isOurs(each));
  return frame?.replace(/^at /, "");
}

function isOurs(frame: string): boolean {
  return ours.some((folder) => frame.includes(folder));
}

/** The folder of Wavetank's compiled code, and that of its sources, where source maps lead back to them. */
const compiled = new URL("..", import.meta.url).pathname;
const ours: readonly string[] = [
  compiled,
  compiled.replace(/\/dist\/src\/$/, "/src/"),
  "/node_modules/ava/",
];
