/** What peers cost that have nothing to say. */
import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";

import { medians } from "../rounds.ts";
import type { Row } from "../row.ts";
import type { IdleNews } from "../sides/idle-peers.ts";

const peers = 10_000;

/** Real sockets, each of which has been used once. The kernel's own buffers are not in the figure. */
export const rpcIdle: Row = {
  id: "rpc.idle",
  what: "resident memory of a process with 10,000 idle peers, the larger of both sides",
  unit: "MB",
  target: { text: "≤ 400 MB", isMet: ({ value }) => value <= 400 },
  async run() {
    let last = { holder: 0, remote: 0 };
    const { holder, remote } = await medians({
      async holder() {
        last = await measure();
        return last.holder;
      },
      remote: () => last.remote,
    });
    const note = `${Math.round(holder)} MB where they were dialed, ${Math.round(remote)} MB where they were accepted`;
    return { value: Math.max(holder, remote), against: {}, note };
  },
};

/** Megabytes of both processes, which live for one round. */
async function measure(): Promise<{ holder: number; remote: number }> {
  const remote = start("remote");
  try {
    const { port } = await news(remote);
    const holder = start("holder", String(peers), String(port));
    try {
      const held = checked(await news(holder));
      remote.send("?");
      return { holder: held, remote: checked(await news(remote)) };
    } finally {
      holder.kill();
    }
  } finally {
    remote.kill();
  }
}

function start(...role: string[]): ChildProcess {
  const file = new URL("../sides/idle-peers.js", import.meta.url);
  return fork(fileURLToPath(file), role);
}

function news(child: ChildProcess): Promise<IdleNews> {
  return new Promise((resolve, reject) => {
    const onExit = (): void => reject(new Error(cannot));
    child.once("exit", onExit);
    child.once("message", (message) => {
      child.off("exit", onExit);
      resolve(message as IdleNews);
    });
  });
}

function checked({ connectionCount, residentBytes }: IdleNews): number {
  if (connectionCount < peers)
    throw new Error(`only ${connectionCount} connections stand; ${cannot}`);
  return residentBytes / 1e6;
}

const cannot = `rpc.idle needs Linux and ${peers} file descriptors a process: see "ulimit -n"`;
