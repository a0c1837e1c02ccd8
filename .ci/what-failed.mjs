/**
 * What failed in a step, in a few lines: hosts keep only the end of a long log,
 * so `.ci/run` repeats this directly above its closing line.
 *
 *   node .ci/what-failed.mjs STEP LOG
 *
 * From what AVA prints without a terminal it takes the title of each failed
 * test with the start of its message, what nobody caught, and what was pending
 * when time was up; from any other log, its end.
 */
import { readFileSync } from "node:fs";

/** Of one step. The largest that leaves room for the summary in 30 lines. */
const lineCountMax = 22;
/** Of one failed test, its title not counted. */
const messageLineCountMax = 6;

const failedTest = /^ *✘ \[fail\]: /;
const headline =
  /^ *(✘ (?!.* exited with)|◌ |Uncaught exception in|Unhandled rejection in|Failed to exit when)/;
/** Where the message of what AVA tells at once must have ended. */
const result = /^ *(✔|✘|◌|Uncaught|Unhandled|Failed to exit|\d+ tests? )/;
const codeFrame = /^ *\d+: /;
const foreignFrame =
  /^ *at .*(node_modules|node:|file:\/\/.*\/ava\/)|^ *at (async )?Promise\./;

const [step, path] = process.argv.slice(2);
const lines = readFileSync(path, "utf8")
  .split("\n")
  .filter((line) => line.trim() !== "")
  .filter((line) => !codeFrame.test(line) && !foreignFrame.test(line));

const told = failures(lines);
console.log(`${step}:`);
console.log(
  (told.length === 0 ? lines.slice(-messageLineCountMax) : shortened(told))
    .map((line) => `  ${line.trim().slice(0, 160)}`)
    .join("\n"),
);

/** Each failure with all lines of its message. */
function failures(all) {
  const start = separator(all);
  const run = all.slice(0, start);
  const details = all.slice(start + 1);
  const titles = run.flatMap((line) => line.split(failedTest)[1] ?? []);
  return run.flatMap((line, at) => {
    if (!headline.test(line)) return [];
    const title = line.split(failedTest)[1];
    const message =
      title === undefined
        ? upTo(run.slice(at + 1), (next) => result.test(next))
        : messageOf(title, titles, details);
    const place = /^\S+:\d+$/.test(message[0]?.trim() ?? "");
    return place
      ? [{ line: `${line} (${message[0].trim()})`, message: message.slice(1) }]
      : [{ line, message }];
  });
}

/** Where AVA begins to tell what was wrong with each failed test. */
function separator(all) {
  const at = all.findIndex((line) => line.trim() === "─");
  return at < 0 ? all.length : at;
}

/** What stands under the title of a failed test, up to the next title or the end. */
function messageOf(title, titles, details) {
  const start = details.findIndex((line) => isTitle(line, title));
  if (start < 0) return [];
  return upTo(
    details.slice(start + 1),
    (line) =>
      line.trim() === "─" || titles.some((other) => isTitle(line, other)),
  );
}

/** The list of results may add a few words to the title. */
function isTitle(line, title) {
  return `${title} `.startsWith(`${line.trim()} `);
}

function upTo(some, isEnd) {
  const end = some.findIndex(isEnd);
  return end < 0 ? some : some.slice(0, end);
}

/** All titles if they fit, each with an equal share of the lines that are left. */
function shortened(all) {
  const shown = all.slice(0, lineCountMax);
  const share = Math.min(
    messageLineCountMax,
    Math.floor(lineCountMax / shown.length) - 1,
  );
  const more = all.length - shown.length;
  return [
    ...shown.flatMap(({ line, message }) => [
      line,
      ...message.slice(0, share).map((part) => `  ${part}`),
    ]),
    ...(more > 0 ? [`and ${more} more`] : []),
  ];
}
