/** A disk loses power: what is left of all that was not synced. */
import type { Roster } from "../../base/roster.ts";
import {
  everythingKept,
  everythingLost,
  type CrashChoices,
} from "./crash-choices.ts";
import type { DiskFaults } from "./disk-faults.ts";
import type { FileNode } from "./folder.ts";
import type { Names } from "./names.ts";
import { takePlace, type Operation } from "./operation.ts";

export interface PowerLoss {
  readonly names: Names;
  readonly faults: DiskFaults;
  /** Changes that were called and did not take place yet. */
  readonly changes: Roster<Operation>;
  /** Decides what becomes of what; asked only if there is anything. */
  readonly choose: () => CrashChoices;
  /** Told of each loss. */
  readonly count: (fault: string, path: string) => void;
}

/** From now on the disk holds what the crash left, and all of it is durable. */
export function losePower(loss: PowerLoss): void {
  const { names, changes, count } = loss;
  const dirty =
    changes.size > 0 ||
    names.dirty ||
    names.files().some(([, { content }]) => content.dirty);
  const choices = dirty ? loss.choose() : everythingLost;
  if (choices !== everythingLost && choices !== everythingKept) finish(loss);
  times(names.crash(choices), () => count("lost metadata", "names"));
  for (const [path, file] of names.files())
    crashFile(file, choices, (fault) => count(fault, path));
}

/** Whatever was on its way may have got there, too. */
function finish({ changes, faults }: PowerLoss): void {
  const odds = faults.strike(undefined);
  for (const operation of changes) {
    try {
      takePlace(operation);
    } catch {
      // Nobody is there any more to be told.
    }
  }
  faults.strike(odds);
}

function crashFile(
  file: FileNode,
  choices: CrashChoices,
  count: (fault: string) => void,
): void {
  file.lastChangeMicros = 0;
  const losses = file.content.crash(choices);
  file.damage.cut(file.content.length);
  times(losses.droppedWrites, () => count("dropped write"));
  times(losses.tornSectors, () => count("torn sector"));
  times(losses.damagedSectors, () => count("damaged sector"));
  times(losses.lostMetadata, () => count("lost metadata"));
}

function times(count: number, act: () => void): void {
  for (let time = 0; time < count; time += 1) act();
}
