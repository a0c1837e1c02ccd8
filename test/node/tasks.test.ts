/** What tasks mean to a real process: its stop signal, and its unhandled rejections. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import test, { type ExecutionContext } from "ava";

import { NodeTaskProvider, NodeTimeProvider } from "../../src/node/index.ts";

const time = new NodeTimeProvider();

test("NodeTaskProvider fires the signals of its tasks when the process stops", async (t) => {
  const stop = new AbortController();
  const tasks = new NodeTaskProvider(stop.signal);
  const task = tasks.spawn("server", async (signal) => {
    await time.sleep(60_000, { signal }).catch(() => {});
    return "stopped in order";
  });
  stop.abort(new Error("SIGTERM"));
  t.false(task.finished, "the task ends by itself");
  t.is(await task.join(), "stopped in order");
});

test("NodeTaskProvider starts tasks with a fired signal once the process stops", async (t) => {
  const tasks = new NodeTaskProvider(AbortSignal.abort(new Error("SIGTERM")));
  const task = tasks.spawn("late", async (signal) => signal.aborted);
  t.true(await task.join());
});

test("NodeTaskProvider runs many deferred callbacks in one immediate", async (t) => {
  const tasks = new NodeTaskProvider();
  const immediates: number[] = [];
  let immediate = 0;
  const tick = (): void => {
    immediate += 1;
    if (immediate < 5) setImmediate(tick);
  };
  setImmediate(tick);
  for (let index = 0; index < 100; index += 1)
    tasks.defer(() => immediates.push(immediate));
  await time.sleep(5);
  t.is(immediates.length, 100);
  t.is(new Set(immediates).size, 1);
});

test("a failure of a task that nobody joins ends the process", async (t) => {
  const { code, stderr } = await runScript(
    `tasks.spawn("loner", async () => { throw new Error("unnoticed"); });`,
  );
  t.is(code, 1);
  t.true(stderr.includes("unnoticed"));
});

test("an aborted task that throws does not end the process", async (t) => {
  await survives(
    t,
    `tasks.spawn("x", async (signal) => { await yielded(); throw new Error("late"); }).abort();`,
  );
});

test("a task that ends with the reason of the stop does not end the process", async (t) => {
  await survives(
    t,
    `tasks.spawn("x", async (signal) => { await yielded(); signal.throwIfAborted(); }); stop.abort(new Error("stop"));`,
  );
});

test("a deferred callback that throws ends the process, but not before the others ran", async (t) => {
  const script = `
    process.on("uncaughtException", () => {});
    tasks.defer(() => { throw new Error("mistake"); });
    tasks.defer(() => console.log("survived"));`;
  await survives(t, script);
});

/** The script says "survived" when it comes to its end. */
async function survives(t: ExecutionContext, script: string): Promise<void> {
  const { code, stdout, stderr } = await runScript(
    `${script} setTimeout(() => console.log("survived"), 20);`,
  );
  t.is(code, 0, stderr);
  t.true(stdout.includes("survived"));
}

interface ScriptResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

async function runScript(script: string): Promise<ScriptResult> {
  const door = new URL("../../src/node/index.js", import.meta.url).href;
  const whole = `
    import { NodeTaskProvider } from "${door}";
    const stop = new AbortController();
    const tasks = new NodeTaskProvider(stop.signal);
    const yielded = () => tasks.yieldNow();
    ${script}`;
  try {
    const output = await promisify(execFile)(process.execPath, [
      "--input-type=module",
      "--eval",
      whole,
    ]);
    return { code: 0, ...output };
  } catch (error) {
    return error as ScriptResult;
  }
}
